"""The register as staff and residents see it: lists, records, forms, duplicates, corrections, exports."""
