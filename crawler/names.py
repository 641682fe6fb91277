"""Does a host's name exist? Asked only after it could not be resolved."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address


def is_number(host: str) -> bool:
    """Is this an address, which no name server needs to know?"""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def is_missing(host: str, witnesses: Sequence[str]) -> bool:
    """Do the name servers say that this name does not exist, while they know another one?

    A line that is down, or that knows only names inside, knows none of the `witnesses`: then
    nothing is said of the host. A server that does not answer in time is no denial either.
    """
    if await _error(host) != socket.EAI_NONAME:
        return False
    for witness in witnesses:
        if witness != host and await _error(witness) is None:
            return True
    return False


async def _error(host: str) -> int | None:
    """Which error does resolving this name end in; None: it has an address."""
    loop = asyncio.get_running_loop()
    try:
        await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return error.errno
    except (UnicodeError, OSError):
        return socket.EAI_FAIL
    return None
