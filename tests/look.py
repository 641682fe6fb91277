"""Every document the program can write, as pictures to look at.

    python -m tests.look [--home DIR] [--out DIR]

Makes the demo's home anew, or takes the one that is given, has each command of COMMANDS write its
documents as a user would, and has LibreOffice print each as PDF, page by page as PNG. Prints the
paths. In the demo's home one unit's findings are confirmed, and its notice and scores are written.
A document that cannot be printed here is written all the same, and it is said why.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.freshness import local_day
from storage.clock import now

# A folder of pictures, and the command that writes its documents: `{out}` is that folder,
# `{quarter}` and `{half}` are the ones that run.
COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("weekly", ("report", "weekly", "--out", "{out}")),
    ("quarterly", ("report", "quarterly", "--period", "{quarter}", "--out", "{out}")),
    ("halfyear", ("report", "halfyear", "--period", "{half}", "--out", "{out}")),
    ("annual", ("report", "annual", "--out", "{out}")),
    ("register", ("inventory", "export-xlsx", "{out}/register.xlsx")),
)
# Those that need a finding that somebody confirmed: never in a home of one's own.
UNIT = "jyj"
DEMO_ONLY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("notices", ("findings", "notice", "--unit", UNIT, "--by", "演示", "--out", "{out}")),
    ("unit", ("report", "halfyear", "--unit", UNIT, "--out", "{out}")),
)
PRINTED = (".docx", ".xlsx")
TOOLS = {"soffice": "LibreOffice", "pdftoppm": "poppler-utils"}
DOTS = "60"  # an inch: enough to see widths and breaks


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a home of your own; none: the demo's")
    parser.add_argument("--out", type=Path, default=Path("look"))
    given = parser.parse_args(arguments)
    home = given.home or demo(given.out / "home")
    commands = COMMANDS if given.home else (*DEMO_ONLY, *COMMANDS)
    absent, today = missing(), local_day(now())
    running = {
        "quarter": f"{today.year}Q{(today.month + 2) // 3}",
        "half": f"{today.year}H{1 + (today.month > 6)}",
    }
    for name, command in commands:
        folder = given.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _xunjian(home, *(word.format(out=folder, **running) for word in command))
        for document in sorted(folder.iterdir()):
            print(document)
            if document.suffix in PRINTED and not absent:
                for page in pages(document):
                    print(f"  {page}")
    for tool in absent:
        print(f"{TOOLS[tool]} ({tool}) is not installed: no pages were printed.", file=sys.stderr)
    return int(bool(absent))


def demo(home: Path) -> Path:
    """The demo's home, made anew, with what was found of one unit confirmed."""
    shutil.rmtree(home, ignore_errors=True)
    _xunjian(home, "demo")
    listed = _run(*_command(home), "findings", "--unit", UNIT, "--format", "json")
    numbers = [str(each["id"]) for each in json.loads(listed)["findings"]]
    _xunjian(home, "findings", "confirm", *numbers, "--by", "演示")
    return home


def missing() -> list[str]:
    """Which programs that print documents are not installed here?"""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def pages(document: Path) -> Iterator[Path]:
    """Print a document; yields its pages as PNG files beside it, in their order.

    Raises CalledProcessError where LibreOffice refuses it.
    """
    folder = document.parent
    profile = f"-env:UserInstallation=file://{folder.resolve() / '.office'}"
    soffice = ("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder))
    _run(*soffice, str(document))
    stem = folder / f"{document.stem}-{document.suffix[1:]}"
    pdf = document.with_suffix(".pdf").rename(stem.with_suffix(".pdf"))
    _run("pdftoppm", "-r", DOTS, "-png", str(pdf), str(stem))
    yield from sorted(folder.glob(f"{stem.name}-*.png"))


def _xunjian(home: Path, *arguments: str) -> None:
    _run(*_command(home), *arguments)


def _command(home: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "app", "--home", str(home))


def _run(*command: str) -> str:
    """What the command printed. Raises CalledProcessError where it failed."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


if __name__ == "__main__":
    sys.exit(main())
