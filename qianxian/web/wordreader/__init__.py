"""The reader of words on pages: what is in use and how good it is, training one from a file, trying it, using it."""
