"""A stranger's file read in a process of its own, bounded in memory, time and what it may answer.

`storage.bounded` bounds the memory of a whole process, so a server may not read such a file itself.
As a program: `python -m app.apart FILE` reads a register and prints what it holds, or its faults,
as one JSON document.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from app.register_file import read_inventory
from storage.bounded import MOST_BYTES, TOO_MUCH
from storage.inventory import Inventory, InventoryError, validate

log = logging.getLogger("xunjian.apart")
SECONDS = 60
MOST_HELD = 2**30  # bytes, with all that is imported; reading itself is bounded closer
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
    answer = _answer(path, seconds)
    if faults := answer.get("faults"):
        raise ApartError(faults)
    # Read once more here: days come as text, and nothing is taken on the child's word.
    return validate(answer["tables"], path.name)


def _answer(path: Path, seconds: float) -> Mapping[str, Any]:
    """What the child printed. Raises ApartError where it printed nothing that can be taken."""
    command = [sys.executable, "-P", "-m", "app.apart", str(path)]
    given = {each: os.environ[each] for each in GIVEN if each in os.environ}
    environment = {**given, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}
    with TemporaryFile() as out, TemporaryFile() as said:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
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
        if out.seek(0, os.SEEK_END) > MOST_BYTES:
            raise ApartError([TOO_MUCH])
        out.seek(0)
        answer: Mapping[str, Any] = json.load(out)
        return answer


def main(path: Path) -> None:
    """Print what the file holds."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_HELD, MOST_HELD))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(_told(path), sys.stdout, ensure_ascii=False, default=str)


def _told(path: Path) -> Mapping[str, Any]:
    try:
        return {"tables": read_inventory(path)}
    except InventoryError as error:
        # The first line only says that nothing was loaded, and how many faults there are.
        lines = str(error).splitlines()[1:]
        more = len(lines) - MOST_FAULTS
        rest = [f"另有 {more} 处错误未列出。"] if more > 0 else []
        return {"faults": [*lines[:MOST_FAULTS], *rest]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
