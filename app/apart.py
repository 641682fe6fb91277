"""A stranger's file read in a process of its own, bounded in memory, time and what it may answer.

`storage.bounded` bounds the memory of a whole process, so a server may not read such a file itself.
As a program: `python -m app.apart register|sheet FILE` prints what the file holds, or its faults,
as one JSON document; the heads that are looked for in a sheet come as a JSON list on stdin.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import Any

from app.register_file import read_inventory
from storage.bounded import MOST_BYTES, TOO_MUCH
from storage.inventory import Inventory, InventoryError, validate
from storage.sheets import Cell, Sheet, SheetRow, UploadError, read_sheet

log = logging.getLogger("xunjian.apart")
SECONDS = 60
_FEW = BoundedSemaphore(2)  # readers at once: each may hold as much as a command
MOST_HELD = 2**30  # bytes, with all that is imported; reading itself is bounded closer
MOST_OF_A_SHEET = 16 * 2**20  # bytes of what it holds: 18,000 letters are five
MOST_FAULTS = 200
MOST_SAID = 2000
SLOW = "读取它超过 {seconds:g} 秒：内容过多，或者文件已损坏、系恶意构造"
BROKEN = "读取它的程序中途退出：文件已损坏或系恶意构造，请打开核对，另存为新文件后再试"
# What a reading process is given of the environment: no password, no key.
GIVEN = ("PATH", "LANG", "LC_ALL", "TZ")


class ApartError(ValueError):
    """A file that cannot be taken: `faults` says in words everything at fault, a line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def read_register(path: Path, seconds: float = SECONDS) -> Inventory:
    """The register in a file. Raises ApartError with every fault."""
    answer = _answer("register", path, [], MOST_BYTES, seconds)
    # Read once more here: days come as text, and nothing is taken on the child's word.
    return validate(answer["tables"], path.name)


def read_sheet_apart(path: Path, name: str, heads: Collection[str]) -> Sheet:
    """What `storage.sheets.read_sheet` makes of a file called `name`. Raises UploadError."""
    try:
        answer = _answer("sheet", path, sorted(heads), MOST_OF_A_SHEET, SECONDS)
    except ApartError as error:
        raise UploadError(name, error.faults) from error
    rows = (SheetRow(line, _cells(cells)) for line, cells in answer["rows"])
    return Sheet(name, answer["sha256"], tuple(answer["heads"]), tuple(rows))


def _answer(
    what: str, path: Path, heads: Sequence[str], most: int, seconds: float
) -> Mapping[str, Any]:
    """What the child printed. Raises ApartError where it printed nothing that can be taken."""
    command = [sys.executable, "-P", "-m", "app.apart", what, str(path)]
    given = {each: os.environ[each] for each in GIVEN if each in os.environ}
    environment = {**given, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}
    with TemporaryFile() as out, TemporaryFile() as said:
        try:
            with _FEW:
                done = subprocess.run(
                    command,
                    input=json.dumps(heads).encode(),
                    stdout=out,
                    stderr=said,
                    env=environment,
                    timeout=seconds,
                    check=False,
                )
        except subprocess.TimeoutExpired:
            raise ApartError([SLOW.format(seconds=seconds)]) from None
        if done.returncode:
            said.seek(0)
            log.warning("a reader ended with %d: %r", done.returncode, said.read()[-MOST_SAID:])
            raise ApartError([BROKEN])
        if out.seek(0, os.SEEK_END) > most:
            raise ApartError([TOO_MUCH])
        out.seek(0)
        answer: Mapping[str, Any] = json.load(out)
    if faults := answer.get("faults"):
        raise ApartError(faults)
    return answer


def _cells(cells: Mapping[str, Any]) -> dict[str, Cell]:
    return {head: _days[cell[0]](cell[1]) if isinstance(cell, list) else cell
            for head, cell in cells.items()}  # fmt: skip


_days: Mapping[str, Callable[[str], date]] = {
    "at": datetime.fromisoformat,
    "on": date.fromisoformat,
}


def main(what: str, path: Path) -> None:
    """Print what the file holds."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_HELD, MOST_HELD))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told = _sheet(path, json.load(sys.stdin)) if what == "sheet" else _register(path)
    json.dump(told, sys.stdout, ensure_ascii=False, default=_as_text)


def _register(path: Path) -> Mapping[str, Any]:
    try:
        tables = read_inventory(path)
    except InventoryError as error:
        # The first line only says that nothing was loaded, and how many faults there are.
        return _faults(str(error).splitlines()[1:])
    return {"tables": {name: [_plain(row) for row in rows] for name, rows in tables.items()}}


def _sheet(path: Path, heads: Sequence[str]) -> Mapping[str, Any]:
    try:
        sheet = read_sheet(path, heads)
    except UploadError as error:
        return _faults(error.faults)
    rows = [(row.line, dict(row.cells)) for row in sheet.rows]
    return {"sha256": sheet.sha256, "heads": sheet.heads, "rows": rows}


def _faults(lines: Sequence[str]) -> Mapping[str, Any]:
    more = len(lines) - MOST_FAULTS
    rest = [f"另有 {more} 处错误未列出。"] if more > 0 else []
    return {"faults": [*lines[:MOST_FAULTS], *rest]}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A register's days as its own readers take them."""
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def _as_text(cell: Any) -> Sequence[str]:
    """A sheet's days and instants, told apart."""
    return ["at" if isinstance(cell, datetime) else "on", cell.isoformat()]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
