"""Running xunjian as a user does: a process, its output, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.cli import main
from tests import both


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def xunjian(*arguments: str, home: Path | None = None, **environment: str) -> Ran:
    """Run one command to its end. Settings from the caller's environment do not leak in."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("XUNJIAN_")}
    if home is not None:
        clean |= {"XUNJIAN_HOME": str(home), **both.environment(home)}
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**clean, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=300,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def called(*arguments: str, home: Path | None = None, **environment: str) -> Ran:
    """The same in this process: to start one takes two seconds, and many commands have but one
    thing to be looked at."""
    out, err, given = StringIO(), StringIO(), sys.argv
    environment = {**(both.environment(home) if home is not None else {}), **environment}
    sys.argv = ["xunjian", *(("--home", str(home)) if home is not None else ()), *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(err), patch.dict(os.environ, environment):
            main()
    except SystemExit as ended:
        return Ran(int(ended.code or 0), out.getvalue(), err.getvalue())
    finally:
        sys.argv = given
    raise AssertionError("a command ends with an exit code")
