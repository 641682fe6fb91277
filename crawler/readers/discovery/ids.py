"""Short ids for register rows, from their addresses: the same address gives the same id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

_ENDING = re.compile(r"\.[a-z]{2,5}\Z", re.IGNORECASE)
_INDEX = frozenset({"index", "default", "list", "home"})
_UNFIT = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 40
_MARK = 6


def ids_of(urls: Sequence[str]) -> Mapping[str, str]:
    """One id for each of these different addresses, as short as tells them apart.

    The last step of the path; with the step before where two would be the same; and with a
    mark of six hexadecimal digits where those do not tell them apart either.
    """
    found: dict[str, str] = {}
    for most in (1, 2, 3):
        found |= {url: _steps(url, most) for url in urls if url not in found}
        uses = Counter(found.values())
        found = {url: row_id for url, row_id in found.items() if row_id and uses[row_id] == 1}
    return {url: found.get(url) or _marked(url) for url in urls}


def _steps(url: str, most: int) -> str:
    parts = urlsplit(url)
    steps = [_ENDING.sub("", step) for step in parts.path.split("/") if step]
    steps = steps[:-1] if steps[1:] and steps[-1].lower() in _INDEX else steps
    steps = [step for at, step in enumerate(steps) if at == 0 or step != steps[at - 1]]
    steps += [value for _, value in parse_qsl(parts.query)]
    steps += [parts.fragment] if parts.fragment else []
    words = [_UNFIT.sub("-", step).strip("-").lower() for step in steps]
    words = [word for word in words if word]
    if words and words[-1].isdecimal():
        most += 1  # a bare number says nothing
    return "-".join(words[-most:])[:_LONGEST].strip("-")


def _marked(url: str) -> str:
    mark = sha256(url.encode()).hexdigest()[:_MARK]
    return f"{_steps(url, 1) or 'row'}-{mark}"
