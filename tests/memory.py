"""Temporary files of the tests lie in memory, where the machine has some to spare.

The tests make tens of thousands of small files, and hundreds of databases of 300 files each, that
are gone a moment later. On a disk that has long been in use each file can take half a millisecond.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108
ENOUGH = 4 * 2**30  # bytes; the whole run holds a fraction of them at any time


def temporary_files_are_in_memory() -> None:
    """Unless TMPDIR says where they are to be. The workers and processes of tests inherit it."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return  # some tests start programs that they have written
    if shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # ask anew
