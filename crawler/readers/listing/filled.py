"""Is the page's own list still a template, to be filled by a script?"""

from __future__ import annotations

from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.places import ROW_TAGS, Run
from crawler.readers.listing.scan import Scan

_REPEATS = frozenset({"ms-repeat", "ms-for", ":for", "v-for", "ng-repeat", "x-for"})
_BESIDE = 2


def filled_elsewhere(scan: Scan, run: Run) -> bool:
    """Does a row that a script repeats stand far from this list, outside menus and sidebars?

    Then the column is what the script will show, and the dated rows are something beside it.
    A template right beside rows that the server wrote is only there for the pages after.
    """
    near = set(scan.ancestors(run.start, _BESIDE))
    return any(
        near.isdisjoint(scan.ancestors(at, _BESIDE)) and not is_aside(scan, at)
        for at in _repeated_rows(scan)
    )


def _repeated_rows(scan: Scan) -> list[int]:
    """The linked rows that carry a script's order to repeat them."""
    rows = (at for at, tag in enumerate(scan.tags) if tag in ROW_TAGS)
    return [
        at
        for at in rows
        if not _REPEATS.isdisjoint(scan.nodes[at].attributes)
        and "a" in scan.tags[at : scan.ends[at] + 1]
    ]
