"""How the tables came to be, step by step (Alembic); versions holds one file per released schema, never edited afterwards."""
