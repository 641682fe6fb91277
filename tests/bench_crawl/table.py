"""The figures as a Markdown table, and how the contestants stand to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench_crawl.contestants import CHANGED, NOT_MODIFIED, SAME
from tests.bench_crawl.ground import Run

HEAD = (
    "| who | what | pages | pages/s | with start | CPU ms/page | start CPU s | server ms/page |"
    " peak MiB | answers |\n|---|---|--:|--:|--:|--:|--:|--:|--:|---|"
)
Key = tuple[str, str]
DOWNLOAD = ("bare Scrapy", "download")
ONE, TWO = "xunjian, SQLite", "xunjian, PostgreSQL, two workers"
SERVER = "xunjian, PostgreSQL"
MOST_MIB = 300


def grouped(runs: Iterable[Run]) -> dict[Key, list[Run]]:
    """The rounds of each contestant and day, in order."""
    found: dict[Key, list[Run]] = {}
    for run in runs:
        found.setdefault((run.name, run.what), []).append(run)
    return found


def table(runs: Sequence[Run]) -> str:
    """One row for each contestant and day: the middle of the rounds, least to most in brackets."""
    return "\n".join([HEAD, *(_row(key, rounds) for key, rounds in grouped(runs).items())])


def _row(key: Key, rounds: Sequence[Run]) -> str:
    rates = [run.rate for run in rounds]
    servers = [1000 * run.server / run.pages for run in rounds if run.server is not None]
    on_server = servers and key[0].startswith(SERVER)
    cells = (
        *key,
        f"{rounds[0].pages:,}",
        f"{median(rates):.0f} ({min(rates):.0f}–{max(rates):.0f})",
        f"{median(run.whole_rate for run in rounds):.0f}",
        f"{median(run.cpu_ms for run in rounds):.1f}",
        f"{median(run.begin.cpu for run in rounds):.1f}",
        f"{median(servers):.1f}" if on_server else "",
        f"{max(run.spent.peak_mib for run in rounds):.0f}",
        ", ".join(f"{count} × {status}" for status, count in rounds[-1].answers.items()),
    )
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is wanted. `reached` says whether it was, None where it is told only."""

    text: str
    values: tuple[float, ...]
    reached: bool | None

    def __str__(self) -> str:
        low, high = min(self.values), max(self.values)
        verdict = {True: "reached", False: "MISSED", None: "told only"}[self.reached]
        return f"- {self.text}: {median(self.values):.2f} ({low:.2f}–{high:.2f}), {verdict}"


def goals(runs: Sequence[Run]) -> list[Goal]:
    """What can be said of these runs: each ratio within a round, and the middle of the rounds."""
    found = grouped(runs)

    def ratio(
        text: str, of: Key, to: Key, figure: Callable[[Run], float], least: float | None
    ) -> Iterable[Goal]:
        pairs = list(zip(found.get(of, ()), found.get(to, ()), strict=False))
        if pairs:
            values = tuple(figure(a) / figure(b) for a, b in pairs)
            yield Goal(text, values, None if least is None else median(values) >= least)
            if figure is rate:
                by_cpu = tuple(b.cpu_ms / a.cpu_ms for a, b in pairs)
                yield Goal("the same, pages per CPU second", by_cpu, None)

    def rate(run: Run) -> float:
        return run.rate

    small = f"{ONE}, 26 KB"
    return [
        *ratio("pages/s, one process, a new row / bare Scrapy (>= 0.6)",
               (ONE, CHANGED), DOWNLOAD, rate, 0.6),
        *ratio("the same with start-up in", (ONE, CHANGED), DOWNLOAD, lambda r: r.whole_rate, None),
        *ratio("pages/s, on PostgreSQL, a new row / bare Scrapy",
               (SERVER, CHANGED), DOWNLOAD, rate, None),
        *ratio("pages/s, two workers / one process, both on PostgreSQL (>= 1.7)",
               (TWO, CHANGED), (SERVER, CHANGED), rate, 1.7),
        *ratio("pages/s, ours / urlwatch, 26 KB, a new row (> 1)",
               (small, CHANGED), ("urlwatch, 26 KB", CHANGED), rate, 1.0),
        *ratio("pages/s, two workers / urlwatch, 26 KB, a new row (>= 1.7)",
               (f"{TWO}, 26 KB", CHANGED), ("urlwatch, 26 KB", CHANGED), rate, 1.7),
        *ratio("pages/s, ours / changedetection.io, 26 KB, a new row (>= 10)",
               (small, CHANGED), ("changedetection.io, 26 KB", CHANGED), rate, 10),
        *ratio("pages/s, two workers / changedetection.io, 26 KB, a new row",
               (f"{TWO}, 26 KB", CHANGED), ("changedetection.io, 26 KB", CHANGED), rate, None),
        *_unchanged(found),
        *_memory(found),
    ]  # fmt: skip


def _unchanged(found: dict[Key, list[Run]]) -> Iterable[Goal]:
    """What a page without news costs beside one with a new row, in CPU seconds."""
    bare = found.get(DOWNLOAD, [])
    for name in (ONE, SERVER):
        for what in (NOT_MODIFIED, SAME):
            both = (found.get((name, each), []) for each in (what, CHANGED))
            rounds = list(zip(*both, strict=False))
            if not rounds:
                continue
            raw = tuple(quiet.cpu_ms / loud.cpu_ms for quiet, loud in rounds)
            yield Goal(f"{name}: CPU, {what} / a new row, download included", raw, None)
            less = tuple(
                max(quiet.cpu_ms - plain.cpu_ms, 0) / (loud.cpu_ms - plain.cpu_ms)
                for (quiet, loud), plain in zip(rounds, bare, strict=False)
            )
            if less:
                text = f"{name}: CPU but bare Scrapy's, {what} / a new row (<= 0.25)"
                yield Goal(text, less, median(less) <= 0.25)


def _memory(found: dict[Key, list[Run]]) -> Iterable[Goal]:
    ours = [each for (name, _), rounds in found.items() if "xunjian" in name for each in rounds]
    if ours:
        peaks = tuple(run.spent.peak_mib for run in ours)
        yield Goal("peak MiB of a process of ours (< 300)", peaks, max(peaks) < MOST_MIB)
