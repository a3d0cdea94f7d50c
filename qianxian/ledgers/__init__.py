"""Every ledger and report, derived. 台账·一表通"""
