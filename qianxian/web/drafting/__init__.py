"""The next edition of the register: written, audited, replayed and approved on pages, by the steward and the district."""
