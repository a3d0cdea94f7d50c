"""What a ledger is, what a department's blank asks for, and how cells come out of the register; plain Python."""
