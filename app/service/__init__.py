"""The service: what runs when, alone, caught up after a stop, watched, told of when it fails."""
