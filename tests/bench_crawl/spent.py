"""What does a program cost: seconds, CPU seconds of it and its children, and peak memory?

    python -I -S spent.py      # a small process that starts the programs; `spend` calls it

A program begins as a copy of what started it, and the system counts that memory as the program's
own peak: so a process with nothing in it starts them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Command = Sequence[str | Path]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Of several programs at once: seconds until the last has ended, CPU of all together.

    `peak_mib` is the largest single process, be it a program or a child of one.
    """

    seconds: float
    cpu: float
    peak_mib: float

    def __sub__(self, other: Spent) -> Spent:
        """What is left when so much was spent on something else."""
        return Spent(self.seconds - other.seconds, self.cpu - other.cpu, self.peak_mib)


class FailedError(RuntimeError):
    """A program ended with an error; the text is the end of what it said."""


def spend(commands: Sequence[Command], told: Path) -> Spent:
    """Run these programs side by side until all have ended. What they say goes to `told`.

    Raises FailedError.
    """
    order = json.dumps({"told": str(told), "commands": [list(map(str, c)) for c in commands]})
    starter = [sys.executable, "-I", "-S", __file__]
    ran = subprocess.run(starter, input=order, capture_output=True, text=True, check=True)
    done = json.loads(ran.stdout)
    if any(done.pop("codes")):
        raise FailedError(told.read_text("utf-8", errors="replace")[-2000:])
    return Spent(**done)


def _run(commands: Sequence[Sequence[str]], told: str) -> tuple[Spent, list[int]]:
    with Path(told).open("wb") as output:
        began = time.monotonic()
        running = [
            subprocess.Popen(each, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            for each in commands
        ]
        ended = [os.wait4(each.pid, 0) for each in running]
        seconds = time.monotonic() - began
    cpu = sum(usage.ru_utime + usage.ru_stime for _, _, usage in ended)
    peak = max(usage.ru_maxrss for _, _, usage in ended) / 1024
    codes = [os.waitstatus_to_exitcode(status) for _, status, _ in ended]
    for process, code in zip(running, codes, strict=True):
        process.returncode = code
    return Spent(seconds, cpu, peak), codes


def family(pid: int) -> list[int]:
    """A running process and all that descends from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        if fields := _fields(path):
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def spent_by(pid: int) -> Spent:
    """What has a server spent so far, with its children, those that have ended too?"""
    pids = family(pid)
    stats = [_fields(Path(f"/proc/{each}/stat")) for each in pids]
    cpu = sum(sum(map(int, fields[11:15])) for fields in stats) / _TICKS
    return Spent(time.monotonic(), cpu, max(map(_peak, pids)) / 1024)


def _fields(stat: Path) -> list[str]:
    """State, parent, … of a process; nothing when it is gone."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(status.partition("VmHWM:")[2].split()[0]) if "VmHWM:" in status else 0


if __name__ == "__main__":
    order = json.load(sys.stdin)
    spent, codes = _run(order["commands"], order["told"])
    print(json.dumps({**asdict(spent), "codes": codes}))
