"""What tests of more than one room need."""

from tests.postgres import pg_url, postgres

__all__ = ["pg_url", "postgres"]
