"""Commands of the one command line, one module for each subject: they translate, and decide nothing."""
