"""What the standard is measured beside: the same work, from CSV to clean Parquet and faults."""
