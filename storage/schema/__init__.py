"""The tables, one file per field of work, all on the one `metadata` of storage/schema/base.py. No queries live here."""
