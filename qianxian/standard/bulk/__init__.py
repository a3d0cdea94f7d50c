"""Files of millions of rows through the standard: part by part, never half a result."""
