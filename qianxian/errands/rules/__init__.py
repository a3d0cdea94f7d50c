"""What may enter a community, as plain Python: stages, checks, ceilings, meetings, refusals, certificates."""
