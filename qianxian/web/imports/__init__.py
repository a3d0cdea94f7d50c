"""Files of demands, taken in on the command line or on a page."""
