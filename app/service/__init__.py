"""The service: what runs when, alone, caught up after a stop, watched, told of when it fails."""


class ServiceError(RuntimeError):
    """The service cannot go on; whoever started it is to start it anew."""
