"""The crawling process, with a reader that fails at some addresses in ways of its own."""

from __future__ import annotations

from typing import Any

from crawler.child import main
from crawler.readers.choose import read_list
from crawler.readers.page import Page
from crawler.spiders import columns

FAULTS: dict[str, BaseException] = {
    "recursion": RecursionError("maximum recursion depth exceeded"),
    "memory": MemoryError(),
    "assertion": AssertionError("示例"),
    "system": SystemError("error return without exception set"),
}


def failing(page: Page, *args: Any, **kwargs: Any) -> Any:
    for name, fault in FAULTS.items():
        if name in page.url:
            raise fault
    return read_list(page, *args, **kwargs)


if __name__ == "__main__":
    setattr(columns, "read_list", failing)  # noqa: B010 - replaced on purpose
    main()
