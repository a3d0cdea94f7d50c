"""Pages, forms, JSON and device endpoints, commands: translation only."""
