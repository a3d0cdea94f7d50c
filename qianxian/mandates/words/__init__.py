"""What is learned of words: which topics messages speak of, which messages are nearly the same, which themes grow."""
