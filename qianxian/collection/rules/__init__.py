"""How what came in is understood: which column means what, what a row says, and of which topic its words speak."""
