"""Commands of the one command line: they translate, and decide nothing."""
