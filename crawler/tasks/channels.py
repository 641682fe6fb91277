"""Where a letter is written to a mailbox that nobody visits, its letters coming from a back end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.channel import CHANNEL, is_apart
from checks.subjects import SubjectKind
from crawler.jobs import Job

if TYPE_CHECKING:  # the tasks' own package lists this module
    from crawler.tasks import Asked


def channel_jobs(asked: Asked) -> Iterator[Job]:
    """A job for each such mailbox with a registered page to write on."""
    for box in asked.register["mailbox"] if CHANNEL in asked.duties else ():
        mine = box["source"] == "export" and asked.site in (None, box["site"])
        if mine and box["form"] and not is_apart(box["name"]):
            yield Job(f"{SubjectKind.MAILBOX}:{box['id']}", box["form"], task=CHANNEL)
