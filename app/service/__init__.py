"""The service: what runs when, alone, caught up after a stop, watched, and told of when it fails."""
