"""What one run is asked to do: a job for each subject, as plain data that crosses a pipe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urlsplit

from storage.ledger import Known


@dataclass(frozen=True, slots=True)
class Job:
    """Look at one subject. `known` allows a conditional request, `render` asks for a browser.

    `task` names the spider where it is not that of the subject's kind. `notes` are the families
    of duties to look for on the way. `asks` is what a task needs beside the address, as plain
    JSON data. `requests` is about how many pages it takes.
    """

    subject: str
    url: str
    reader: str = "auto"
    scope: Mapping[str, str] | None = None
    min_items: int | None = None
    known: Known | None = None
    render: bool = False
    task: str = ""
    notes: tuple[str, ...] = ()
    asks: Mapping[str, Any] = field(default_factory=dict)
    requests: int = 1

    @property
    def kind(self) -> str:
        """Which spider takes it?"""
        return self.task or self.subject.partition(":")[0]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Job:
        known = data["known"]
        notes = tuple(data["notes"])
        return cls(**{**data, "known": Known(**known) if known else None, "notes": notes})


def take_turns(jobs: Iterable[Job]) -> Sequence[Job]:
    """Order jobs so that hosts alternate: one slow host does not hold up the others."""
    hosts: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        hosts[urlsplit(job.url).netloc].append(job)
    rounds = zip_longest(*hosts.values())
    return [job for job in chain.from_iterable(rounds) if job is not None]
