"""What is looked for beside the subjects' own pages: one function a task makes its jobs.

A task's jobs carry its name, and `crawler.child` has a spider for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.jobs import Job
from crawler.links_settings import DEFAULT_LINKS, LinksSection
from crawler.tasks.channels import channel_jobs
from crawler.tasks.links import link_jobs
from crawler.tasks.searches import progress_jobs, search_jobs
from crawler.tasks.services import guide_jobs
from crawler.tasks.transport import transport_jobs
from storage.inventory import Inventory
from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked for: `duties` are the families that the law in force speaks of.

    `site` is the only site to look at, None: all of the register.
    """

    ledger: Ledger
    register: Inventory
    at: datetime
    duties: frozenset[str]
    site: str | None = None
    links: LinksSection = DEFAULT_LINKS

    @property
    def sites(self) -> list[Mapping[str, Any]]:
        """The rows of the sites asked about."""
        return [row for row in self.register["site"] if self.site in (None, row["id"])]


Task = Callable[[Asked], Iterable[Job]]
TASKS: tuple[Task, ...] = (
    transport_jobs,
    channel_jobs,
    guide_jobs,
    search_jobs,
    progress_jobs,
    link_jobs,
)


def task_jobs(asked: Asked) -> list[Job]:
    """The jobs of every task, in the order of the tasks."""
    return [job for task in TASKS for job in task(asked)]
