"""What a dispatch history teaches: spellings of units, contested cells, proposals for the register. Pure rules."""
