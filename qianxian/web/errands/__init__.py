"""What may enter a community: requests, hearings, decisions, refusals, meetings, certificates."""
