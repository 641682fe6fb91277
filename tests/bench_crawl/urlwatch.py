"""urlwatch on the pages of 26 KB: fetch, compare with the copy it keeps, print the difference.

Its jobs are plain addresses, without a filter: the least that it can do. Ten are under way at once,
as it has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench_crawl.contestants import CHANGED, FIRST, NOT_MODIFIED, SAME
from tests.bench_crawl.ground import Ground, Run
from tests.bench_crawl.spent import Command

NAME = "urlwatch"


def urlwatch(ground: Ground, number: int, programs: Path) -> Iterator[Run]:
    addresses = ground.small
    one = _command(ground, programs, f"urlwatch{number}one", addresses[:1])
    everything = _command(ground, programs, f"urlwatch{number}", addresses)

    def run(what: str) -> Run:
        begin = ground.spend([one])
        return ground.run("urlwatch, 26 KB", what, len(addresses), begin, [everything])

    yield run(FIRST)
    ground.farm.publish()
    yield run(CHANGED)
    yield run(NOT_MODIFIED)
    ground.farm.touch()
    yield run(SAME)


def _command(ground: Ground, programs: Path, name: str, addresses: Sequence[str]) -> Command:
    folder = ground.folder / name
    folder.mkdir()
    jobs = folder / "urls.yaml"
    jobs.write_text("\n---\n".join(f"url: {address}" for address in addresses) + "\n")
    config, hooks = folder / "urlwatch.yaml", folder / "hooks.py"
    config.write_text("report: {text: {line_length: 75}, stdout: {enabled: true}}\n")
    hooks.write_text("")
    given: Command = [
        "--urls",
        jobs,
        "--config",
        config,
        "--hooks",
        hooks,
        "--cache",
        folder / "cache.db",
    ]
    return [programs / NAME, *given]
