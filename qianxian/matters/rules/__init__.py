"""What may be done with a matter, when, and by when."""
