"""Processes that a test caused to run, found by descent, and waited for by id."""

from __future__ import annotations

import os
import select
from collections import defaultdict
from pathlib import Path


def command(pid: int) -> str:
    """How was this process started? Empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def descendants(word: str) -> list[int]:
    """Processes below this one whose command holds `word`, parents first."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children[int(stat.rpartition(")")[2].split()[1])].append(int(folder.name))
    found, waiting = [], children[os.getpid()]
    while waiting:
        found += waiting
        waiting = [child for pid in waiting for child in children[pid]]
    return [pid for pid in found if word in command(pid)]


def await_end(pid: int) -> None:
    """Return when this process has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.poll()
    finally:
        os.close(handle)
