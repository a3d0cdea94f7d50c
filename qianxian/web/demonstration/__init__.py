"""A district of our own invention, so that the first start shows work and not emptiness. No real person is in it."""
