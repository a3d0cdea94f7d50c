"""Which records speak of one person or one organisation: scores with reasons, trained on the data at hand.

headers   which column of any file means which element
letters   every element in ASCII letters and digits, so that DuckDB, Spark and PostgreSQL compare alike
model     what is compared, in which steps, and which pairs are looked at
engine    Splink on DuckDB: trains without labels, scores, gives reasons

Only `engine` is slow to load; the web never loads it.
"""
