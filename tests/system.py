"""What tests need of the system beyond Python: said plainly when missing, demanded in CI."""

from __future__ import annotations

import os
import shutil

import pytest

from notify.documents.charts import chinese_font

PACKAGES = {"chromium": "chromium"}


def needs(command: str) -> None:
    """Leave the calling tests out when this program is missing; with CI=true, fail instead."""
    if shutil.which(command) is not None:
        return
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
