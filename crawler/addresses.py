"""Do two addresses belong to one government body?"""

from __future__ import annotations

from urllib.parse import urlsplit

_OF_A_BODY = 3  # haian.gov.cn: what stands before it names parts of one site


def host_of(url: str) -> str:
    """The host of an address, in small letters; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def one_domain(url: str, other: str) -> bool:
    """Are these on one host, or on two under the same name of a body (`x.haian.gov.cn`)?"""
    one, two = host_of(url), host_of(other)
    if not one or one == two:
        return bool(one)
    return one.endswith(".gov.cn") and _body(one) == _body(two)


def _body(host: str) -> list[str]:
    return host.split(".")[-_OF_A_BODY:]
