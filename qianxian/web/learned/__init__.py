"""What happened before, read for what it teaches: on a page, on the command line, and beside a ruling."""
