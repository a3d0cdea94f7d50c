"""Every ledger and report, derived: nobody writes one. 台账·一表通"""
