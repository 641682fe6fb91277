"""Certificates and addresses: each site's home page, once a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler.jobs import Job

if TYPE_CHECKING:
    from crawler.tasks import Asked

TASK = "transport"
FAMILIES = ("tls", "ipv6")


def transport_jobs(asked: Asked) -> Iterable[Job]:
    """A job for every site asked for, naming the families that somebody asks about."""
    families = tuple(family for family in FAMILIES if family in asked.duties)
    if not families:
        return []
    return [
        Job(f"site:{row['id']}", row["home"], task=TASK, notes=families)
        for row in asked.register["site"]
        if asked.site in (None, row["id"])
    ]
