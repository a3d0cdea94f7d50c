"""What a form asks and what an answer must satisfy: plain Python, and the same trees for the browser."""
