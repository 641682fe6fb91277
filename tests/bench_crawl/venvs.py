"""Other tools, each in an environment of its own: what they need does not bind the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench_crawl.spent import Command


def installed(package: str, folder: Path) -> Path | None:
    """The programs of an environment that holds this package; None: it cannot be installed here.

    An environment that is there already is used.
    """
    programs = folder / package / "bin"
    if (programs / package).exists():
        return programs
    folder.mkdir(parents=True, exist_ok=True)
    pip: Command = [
        programs / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        package,
    ]
    commands: list[Command] = [[sys.executable, "-m", "venv", folder / package], pip]
    with (folder / f"{package}.log").open("wb") as told:
        for command in commands:
            if subprocess.run(command, stdout=told, stderr=told, check=False).returncode:
                return None
    return programs


def version_of(package: str, programs: Path) -> str:
    """Which version is it?"""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    ran = subprocess.run(
        [programs / "python", "-c", code], capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()
