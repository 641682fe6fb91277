"""What all contestants of a run share: the farm, the folder, and how a measurement is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench_crawl.farm import Farm
from tests.bench_crawl.pages import SMALL
from tests.bench_crawl.postgres import Server
from tests.bench_crawl.spent import Command, Spent, spend, spent_by


@dataclass(frozen=True, slots=True)
class Run:
    """One contestant over so many pages. `begin` is what it spends on a single page.

    `answers` are what the farm gave, by status; `server` the CPU seconds of a database server.
    """

    name: str
    what: str
    pages: int
    begin: Spent
    spent: Spent
    answers: Mapping[int, int]
    server: float | None = None

    @property
    def apart(self) -> Spent:
        """Without beginning and end: what the other pages took."""
        return self.spent - self.begin

    @property
    def rate(self) -> float:
        """Pages per second, beginning and end apart."""
        return (self.pages - 1) / self.apart.seconds

    @property
    def whole_rate(self) -> float:
        """Pages per second from the start of the program to its end."""
        return self.pages / self.spent.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a page, beginning and end apart."""
        return 1000 * self.apart.cpu / (self.pages - 1)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a run takes place. `watches` bounds what changedetection.io is given."""

    folder: Path
    farm: Farm
    concurrency: int
    watches: int
    postgres: Server | None

    @property
    def addresses(self) -> list[str]:
        """All pages of the farm, host by host."""
        return [self.farm.url(column) for column in self.farm.columns]

    @property
    def small(self) -> list[str]:
        """Its pages of 26 KB."""
        columns = self.farm.columns
        return [self.farm.url(each) for each in columns if each.kilobytes == SMALL]

    def file(self, name: str, addresses: Sequence[str]) -> Path:
        """Keep these addresses in a file, one a line."""
        path = self.folder / name
        path.write_text("\n".join(addresses) + "\n")
        return path

    def spend(self, commands: Sequence[Command]) -> Spent:
        return spend(commands, self.folder / "told.txt")

    def run(
        self, name: str, what: str, pages: int, begin: Spent, commands: Sequence[Command]
    ) -> Run:
        """Measure programs that look at so many pages."""
        self.farm.answers()
        before = spent_by(self.postgres.pid).cpu if self.postgres else 0
        spent = self.spend(commands)
        server = spent_by(self.postgres.pid).cpu - before if self.postgres else None
        return Run(name, what, pages, begin, spent, self.farm.answers(), server)
