"""How fast are pages read, and how often is the day right, beside other libraries?

    python -m tests.bench_read --pages ../shared/corpus --rounds 2

`--pages` names a folder of saved pages with an index.json of `file`, `kind`, `url`, `date`;
without it the project's own saved pages are read. Figures are CPU seconds of one process. All
tools read 32 pages before any reads the next 32, in rotating order, so noise hits all alike.
Ours starts from bytes; the others are given text decoded by us, outside the clock.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from statistics import median

from crawler.dates import dates_in, instant_day, parts_in
from crawler.decode import decode
from crawler.readers.article import read_article
from crawler.readers.choose import read_list
from crawler.readers.listing.scan import _scanned
from crawler.readers.page import Page
from crawler.readers.visible import read_visible
from tests.crawler.huge import huge_pages

TODAY = date(2026, 11, 22)
OWN_PAGES = Path(__file__).parent / "pages"
ADDRESS = "https://www.example.gov.cn/lanmu/index.html"
BLOCK = 32
OURS = "xunjian read_article"


@dataclass(frozen=True, slots=True)
class Sample:
    """One page with its true day, as bytes and, for the tools that want it, as text."""

    page: Page
    text: str
    truth: str | None


@dataclass(frozen=True, slots=True)
class Tool:
    """One way to read an article. `read` gives the day it says, when it is one that says days."""

    name: str
    read: Callable[[Sample], object]
    says_day: bool = True


@dataclass(slots=True)
class Score:
    """What one tool took for each page in each round, and what it said in the last one."""

    seconds: list[list[float]] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)

    @property
    def each(self) -> list[float]:
        """Milliseconds of every page: the middle of its rounds."""
        return sorted(1000 * median(times) for times in zip(*self.seconds, strict=True))

    @property
    def total(self) -> float:
        """Milliseconds of all pages once."""
        return sum(self.each)


def ours(sample: Sample) -> object:
    return read_article(sample.page).published_on


def tools() -> Iterator[Tool]:
    """Every tool that is installed here."""
    yield Tool(OURS, ours)
    for make in (_htmldate, _gne, _trafilatura, _soup, _lxml):
        try:
            yield from make()
        except ImportError as error:
            print(f"left out: {error}", file=sys.stderr)


def _htmldate() -> list[Tool]:
    find = import_module("htmldate").find_date

    def read(extensive: bool) -> Callable[[Sample], object]:
        return lambda sample: find(
            sample.text,
            extensive_search=extensive,
            original_date=True,
            url=sample.page.url,
            max_date=str(TODAY),
        )

    return [Tool("htmldate default", read(True)), Tool("htmldate fast", read(False))]


def _gne() -> list[Tool]:
    extractor = import_module("gne").GeneralNewsExtractor()

    def read(sample: Sample) -> object:
        return instant_day(extractor.extract(sample.text)["publish_time"])

    return [Tool("GNE", read)]


def _trafilatura() -> list[Tool]:
    extract = import_module("trafilatura").bare_extraction

    def read(sample: Sample) -> object:
        found = extract(sample.text, url=sample.page.url, with_metadata=True)
        return found.date if found else None

    return [Tool("trafilatura", read)]


def _soup() -> list[Tool]:
    soup = import_module("bs4").BeautifulSoup
    return [Tool("BeautifulSoup(lxml), no reading", lambda each: soup(each.text, "lxml"), False)]


def _lxml() -> list[Tool]:
    html = import_module("lxml.html")

    def parse(sample: Sample) -> object:
        return html.document_fromstring(sample.text.encode(), html.HTMLParser(encoding="utf-8"))

    return [Tool("lxml, no reading", parse, False)]


def samples(folder: Path | None, kinds: tuple[str, ...]) -> list[Sample]:
    """The saved pages of these kinds."""
    found = []
    for path, url, truth in _corpus(folder, kinds) if folder else _own(kinds):
        page = Page(url, path.read_bytes(), TODAY)
        found.append(Sample(page, decode(page.body), truth))
    return found


def _corpus(folder: Path, kinds: tuple[str, ...]) -> Iterator[tuple[Path, str, str | None]]:
    for row in json.loads((folder / "index.json").read_text(encoding="utf-8")):
        if row["kind"] in kinds:
            yield folder / row["file"], row["url"], row["date"]


def _own(kinds: tuple[str, ...]) -> Iterator[tuple[Path, str, str | None]]:
    for path in sorted(OWN_PAGES.glob("*/*.html")):
        expected = path.with_suffix(".json")
        if path.name.partition("_")[0] in kinds and expected.exists():
            known = json.loads(expected.read_text(encoding="utf-8"))
            yield path, known.get("url", ADDRESS), known.get("date", known.get("newest"))


def measure(chosen: list[Tool], pages: list[Sample], rounds: int) -> dict[str, Score]:
    """Each tool on each page, `rounds` times; caches are emptied before each round."""
    scores = {tool.name: Score() for tool in chosen}
    for tool in chosen:
        _read_once(tool, pages[0], Score(seconds=[[]]))  # imports and tables that load once
    for number in range(rounds):
        _empty_caches()
        for score in scores.values():
            score.seconds.append([])
            score.marks.clear()
        for at in range(0, len(pages), BLOCK):
            start = (at // BLOCK + number) % len(chosen)
            for tool in chosen[start:] + chosen[:start]:
                for sample in pages[at : at + BLOCK]:
                    _read_once(tool, sample, scores[tool.name])
    return scores


def _read_once(tool: Tool, sample: Sample, score: Score) -> None:
    started = time.process_time()
    try:
        said = tool.read(sample)
    except Exception as error:  # noqa: BLE001 - another library's failure is a figure, not an end
        said = None
        score.marks[f"failed: {type(error).__name__}"] += 1
    score.seconds[-1].append(time.process_time() - started)
    if tool.says_day:
        day = str(said) if said else None
        score.marks["exact" if day == sample.truth else "none" if day is None else "wrong"] += 1


def _empty_caches() -> None:
    """Every tool remembers pieces of pages; no round may live on the one before."""
    for module in ("htmldate.meta", "trafilatura.meta"):
        with suppress(ImportError):
            import_module(module).reset_caches()
    for remembers in (decode, read_visible, _scanned, dates_in, parts_in):
        getattr(remembers, "cache_clear", lambda: None)()


def article_table(chosen: list[Tool], scores: dict[str, Score], count: int) -> Iterator[str]:
    yield "| tool | pages/s | ms/page | exact | wrong | none | raised |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for tool in chosen:
        score = scores[tool.name]
        speed = f"{1000 * count / score.total:.0f} | {score.total / count:.2f}"
        marks = score.marks
        raised = sum(number for mark, number in marks.items() if mark.startswith("failed"))
        said = [str(marks[mark]) if tool.says_day else "–" for mark in ("exact", "wrong", "none")]
        yield f"| {tool.name} | {speed} | {' | '.join(said)} | {raised} |"
    yield ""
    for tool in chosen[1:]:
        ratio = scores[tool.name].total / scores[OURS].total
        yield f"- pages per second, ours / {tool.name} = {ratio:.1f}x"


def percentiles(label: str, each: list[float]) -> str:
    at = [each[min(len(each) - 1, int(len(each) * share))] for share in (0.5, 0.9, 0.99)]
    spread = " | ".join(f"{value:.2f}" for value in [*at, each[-1]])
    return f"| {label} | {len(each)} | {1000 * len(each) / sum(each):.0f} | {spread} |"


def huge_table(size: int) -> Iterator[str]:
    yield f"| {size / 1e6:g} MB of | read_list s | read_article s |"
    yield "|---|--:|--:|"
    for name, body in huge_pages(size).items():
        took = []
        for read in (read_list, read_article):
            _empty_caches()
            started = time.process_time()
            read(Page(ADDRESS, body, TODAY))
            took.append(f"{time.process_time() - started:.2f}")
        yield f"| {name} | {' | '.join(took)} |"


def versions() -> str:
    named = [f"Python {python_version()}"]
    for name in ("lxml", "htmldate", "gne", "trafilatura", "beautifulsoup4", "selectolax"):
        try:
            named.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            named.append(f"{name} not installed")
    return ", ".join(named)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=Path, help="folder of saved pages with an index.json")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--every", type=int, default=1, help="only every n-th page, for a quick look"
    )
    parser.add_argument("--huge", type=int, default=5_000_000, help="bytes of the hostile pages")
    given = parser.parse_args()
    articles = samples(given.pages, ("article",))[:: given.every]
    lists = samples(given.pages, ("list", "home"))[:: given.every]
    print(f"{versions()}; {given.rounds} rounds, CPU time of one process\n")
    chosen = list(tools())
    scores = measure(chosen, articles, given.rounds)
    print(f"{len(articles)} article pages\n")
    print(*article_table(chosen, scores, len(articles)), sep="\n")
    listed = Tool("lists", lambda sample: read_list(sample.page).outcome, False)
    of_lists = measure([listed], lists, given.rounds)["lists"]
    print("\n| xunjian | pages | pages/s | p50 ms | p90 ms | p99 ms | max ms |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    print(percentiles("articles", scores[OURS].each))
    print(percentiles("lists", of_lists.each))
    if given.huge:
        print("", *huge_table(given.huge), sep="\n")


if __name__ == "__main__":
    main()
