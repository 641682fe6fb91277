"""Masks over addresses: what their query says of a person, by the names of its parameters."""

from __future__ import annotations

import re

from crawler.readers.private.text import Masker, is_no_value
from crawler.readers.private.words import MASK, Kind, kind_of_key

_PARAMETER = re.compile(r"(?<=[?&;])([A-Za-z_]\w{0,39})=([^&#\s\"'<>]{1,500})")
_DIRECT = re.compile(r"^\s{0,9}(mailto|tel|sms):[^?]{1,200}", re.I)


def without_persons(address: str, masker: Masker | None = None) -> str:
    """The same address, a person's name or number in its query masked; everything else stays."""
    tally = masker or Masker()
    direct = _DIRECT.match(address)
    if direct is not None:
        if MASK in direct[0]:
            return address
        kind = Kind.MAIL if direct[1].lower() == "mailto" else Kind.PHONE
        return f"{direct[1]}:{tally.mask(kind)}{address[direct.end() :]}"

    def parameter(match: re.Match[str]) -> str:
        kind = kind_of_key(match[1], match[2], letter=True)
        if kind is None or kind is Kind.TEXT or is_no_value(match[2]):
            return match[0]
        return f"{match[1]}={tally.mask(kind)}"

    return _PARAMETER.sub(parameter, address) if "=" in address else address
