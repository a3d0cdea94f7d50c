"""What carries programs out: Python for one record, columns for millions, SQL for DuckDB and Spark."""
