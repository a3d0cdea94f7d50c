"""What is read of errands, meetings, refusals and certificates, by who reads it."""
