"""What tests need of the system beyond Python: said plainly when missing, demanded in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from notify.documents.charts import chinese_font

PACKAGES = {
    "chromium": "chromium",
    "systemd-analyze": "systemd",
    "nginx": "nginx-light",
    "logrotate": "logrotate",
    "initdb": "postgresql",
}


def needs(command: str) -> str:
    """Where is this program? Missing: the calling tests are left out; with CI=true, they fail."""
    postgresql = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places = (os.environ["PATH"], "/usr/sbin", "/sbin", *map(str, postgresql))
    found = shutil.which(command, path=os.pathsep.join(places))
    if found is not None:
        return found
    why = f"{command} is missing: apt-get install {PACKAGES[command]}, or make system as root"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def needs_font() -> None:
    """Leave the calling tests out where no font is Chinese; with CI=true, fail instead."""
    if chinese_font() is not None:
        return
    why = "no Chinese font: apt-get install fonts-wqy-zenhei, or make system as root"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)
