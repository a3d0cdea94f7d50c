"""One file for each figure, each beside its floor or its peer in the same run; every one makes its own platform."""
