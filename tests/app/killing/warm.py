"""A process that has the program loaded and forks one command at a time, as it is told on stdin.

A line of JSON `{arguments, environment, log}` starts a command in a process group of its own; the
answer is its number at once, and its exit code (negative: the signal) when it has ended.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import app.cycle
import app.progress
import app.summary
from app.cli import main

LOADED = (app.cycle, app.progress, app.summary)


def run(order: dict[str, Any]) -> None:
    """Become the command; never returns."""
    os.setsid()
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["xunjian", *order["arguments"]]
    code = 1
    try:
        main()
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            run(json.loads(line))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
