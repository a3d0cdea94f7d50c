"""Commands of the command line, one module for each subject; `qianxian.config.command` puts them behind one name."""
