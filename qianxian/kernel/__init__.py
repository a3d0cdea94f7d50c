"""Period, place code, working time, sealing; nothing of the domain."""
