"""The desks of community workers and departments: what waits for me, one matter, registering for a caller."""
