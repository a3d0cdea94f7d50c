"""Forms on pages: published, filled, read; and handed to phones by the OpenRosa protocol."""
