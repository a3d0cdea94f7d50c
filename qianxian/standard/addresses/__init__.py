"""Chinese addresses: taken apart by rules or by a trained tagger, with the division tree where it is at hand, and compared."""
