"""The JSON interface under /api/v1: what the reading commands answer, to programs with a key."""
