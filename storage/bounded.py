"""A bound on the memory that reading one file of a stranger's may take."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

MOST_BYTES = 50 * 2**20  # of a file, and of what is packed in it
MOST_MIB = 280  # with what a command holds before, under 400 MB
TOO_MUCH = (
    f"读取它需要的内存超过 {MOST_MIB} MB：内容过多，或者文件已损坏、系恶意构造。"
    "请打开核对，把所需的内容复制到新文件后再导入；行数确实很多的，请分成几个文件"
)
_HELD = Path("/proc/self/statm")
_DATA = 5  # pages
_ALONE = RLock()  # of two at once the second would take the bound of the first for the usual one


@contextmanager
def within_memory() -> Iterator[None]:
    """Whatever needs more than MOST_MIB in here gets a MemoryError, as do the parsers under it.

    Counting rows, cells or tags bounds only the tricks that somebody thought of: 54 KB can be a
    sheet of one row that takes 3.7 GB, 40 KB a TOML key that takes 1.6 GB. The bound is the
    process's, so this belongs into commands, not into a thread of a server. A system that does not
    say what a process holds has no bound.
    """
    if not _HELD.exists():
        yield
        return
    with _ALONE:
        before, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_bound(before, most), most))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _bound(*limits: int) -> int:
    held = int(_HELD.read_text(encoding="ascii").split()[_DATA]) * resource.getpagesize()
    in_force = [limit for limit in limits if limit != resource.RLIM_INFINITY]
    return min([held + MOST_MIB * 2**20, *in_force])


def ran_out(error: BaseException) -> bool:
    """Was this for want of memory? expat says so in words, libxml2 that it does not know."""
    words = str(error)
    return isinstance(error, MemoryError) or "out of memory" in words or "unknown error" in words
