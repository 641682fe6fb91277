"""How many machines does a day of the nation take, and what gives way first? Arithmetic alone.

Each figure has a name and may be replaced by one that was measured elsewhere; docs/scale.md says
where the defaults come from. Nothing here is a measurement of such a day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be looked at each day. Articles and links are those of the duties: 0 without."""

    sites: int = 14_000
    columns: int = 800_000
    articles_a_site: int = 30
    links_a_site: int = 200
    busiest_site: int = 2_000  # columns
    changed: float = 0.2  # of the lists; the rest finds the page unchanged

    @property
    def articles(self) -> int:
        return self.sites * self.articles_a_site

    @property
    def links(self) -> int:
        return self.sites * self.links_a_site


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of one processor unless something else is said."""

    page_changed: float = 0.0095
    page_unchanged: float = 0.003
    link: float = 0.0055
    plan_column: float = 0.0003
    start_of_batch: float = 3.5
    sites_a_batch: int = 20
    judge_column: float = 0.001
    delay_seconds: float = 1.0  # between two requests to one host
    hosts_at_once: int = 8  # that one process asks: [crawl] concurrency
    process_mib: int = 300
    write_look: float = 0.003  # by the clock, under the one lock of writers, in batches of 32
    bytes_changed: int = 10_000  # rows, indexes and packed evidence of a changed page
    bytes_unchanged: int = 420


@dataclass(frozen=True, slots=True)
class Machine:
    """One worker. `busy` is how much of its processors may be counted on."""

    cores: int = 2
    memory_mib: int = 4096
    hours: float = 20.0
    busy: float = 0.7


@dataclass(frozen=True, slots=True)
class NationalDay:
    """What such a day takes. Hours are hours of that day; `machines` the most of what is needed."""

    crawl_core_hours: float
    machines_by_cores: int
    processes_by_politeness: int
    machines_by_memory: int
    longest_site_hours: float
    writer_hours: float
    judge_core_hours: float
    disk_gib_a_day: float

    @property
    def machines(self) -> int:
        return max(self.machines_by_cores, self.machines_by_memory)

    def shares(self, hours: float) -> Mapping[str, float]:
        """How much of the hours of a day does each thing take that no further worker speeds up?

        The greatest is what gives way first; above 1 it does not fit into the day.
        """
        return {
            "the busiest site, one request at a time": self.longest_site_hours / hours,
            "the one lock of writers": self.writer_hours / hours,
            "judging, in one process": self.judge_core_hours / hours,
        }


def national_day(
    load: Load = Load(), costs: Costs = Costs(), machine: Machine = Machine()
) -> NationalDay:
    """What does a day take?"""
    changed, unchanged = load.columns * load.changed, load.columns * (1 - load.changed)
    read = changed + load.articles
    crawl = (
        read * costs.page_changed
        + unchanged * costs.page_unchanged
        + load.links * costs.link
        + load.columns * costs.plan_column
        + math.ceil(load.sites / costs.sites_a_batch) * costs.start_of_batch
    ) / 3600
    # A host is asked once a delay, so a process is as fast as it has hosts to ask at a time.
    asked = load.columns + load.articles + load.links
    waiting = asked * costs.delay_seconds / costs.hosts_at_once / 3600
    processes = math.ceil(waiting / machine.hours)
    longest = load.busiest_site + load.articles_a_site + load.links_a_site
    looks = load.columns + 2 * load.sites  # a home page and a mailbox for each site
    return NationalDay(
        crawl_core_hours=crawl,
        machines_by_cores=math.ceil(crawl / (machine.cores * machine.busy * machine.hours)),
        processes_by_politeness=processes,
        machines_by_memory=math.ceil(processes / (machine.memory_mib // costs.process_mib)),
        longest_site_hours=longest * costs.delay_seconds / 3600,
        writer_hours=looks * costs.write_look / 3600,
        judge_core_hours=load.columns * costs.judge_column / 3600,
        disk_gib_a_day=(read * costs.bytes_changed + unchanged * costs.bytes_unchanged) / 2**30,
    )
