"""Looks by several processes and machines: what is due when, in lots, by a queue in PostgreSQL."""
