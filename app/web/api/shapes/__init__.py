"""The documents' fields and types, for the schema: nothing is written or changed by them."""
