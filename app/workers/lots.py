"""Into which lots does a register fall? All that is on one domain is of one lot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit
from zlib import crc32

from tldextract import TLDExtract

from crawler.run import is_crawled
from storage.clock import now
from storage.inventory import Inventory
from storage.ledger import Ledger

# The list of public suffixes that comes along: none is fetched.
_suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)

_followed: dict[str, str] = {}  # by database: the register that its queue follows


def follow_register(ledger: Ledger, lots: int) -> int:
    """Let workers look at what is registered now, and at nothing else; how many are new or moved?

    The whole register is read, so only where it is another than this process has followed.
    """
    mark = f"{ledger.register_changed_at()} {lots}"
    if _followed.get(str(ledger.engine.url)) == mark:
        return 0
    changed = ledger.set_watched(lots_of(ledger.inventory(), lots), now())
    _followed[str(ledger.engine.url)] = mark
    return changed


def lots_of(register: Inventory, lots: int) -> Mapping[str, tuple[int, str | None]]:
    """The lot and the site of everything that workers look at, by subject key."""
    found: dict[str, tuple[int, str | None]] = {}
    for kind, rows in register.items():
        for row in rows:
            if is_crawled(kind, row):
                site = row["id"] if kind == "site" else row.get("site")
                url = row["home"] if kind == "site" else row["url"]
                found[f"{kind}:{row['id']}"] = (lot_of(url or "", lots), site)
    return found


def lot_of(url: str, lots: int) -> int:
    """The lot of an address: the same for all hosts below one registered domain.

    `www.` and `xxgk.` of one office redirect to each other, so one process has both.
    """
    return crc32(_domain(urlsplit(url).hostname or "").encode()) % lots


@lru_cache(maxsize=100_000)
def _domain(host: str) -> str:
    return _suffixes(host).top_domain_under_public_suffix or host
