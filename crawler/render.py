"""Columns whose list a script writes: what it takes to open them in a browser.

The browser runs the page's scripts and has no network of its own. All it asks for is fetched
by Scrapy under all guards (`crawler.browser`); whatever finds a way round that ends at a proxy
that does not exist and at names that do not resolve.
"""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from typing import Any

from crawler.settings import HANDLERS, CrawlSection

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TABS = 2
TAB_SLOT = "tab"
_LAUNCH_MS = 30_000
_NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Chromium renamed it without a word, and a page's UDP went out again: both names, and a test.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)


def browser_path(section: CrawlSection) -> str | None:
    """Which browser program is there: the one in settings, else the first that the system has."""
    names = (section.chromium,) if section.chromium else BROWSERS
    return next(filter(None, map(shutil.which, names)), None)


def missing_for_render(section: CrawlSection) -> str | None:
    """What must the operator install or set before a page can be rendered? In Chinese."""
    try:
        import_module("scrapy_playwright.handler")
    except ImportError as error:
        return f"缺少浏览器渲染组件（{error}），请运行 pip install 'xunjian[render]'"
    if browser_path(section) is not None:
        return None
    if section.chromium:
        return f"设置 [crawl] chromium 所指的“{section.chromium}”不存在或不可执行"
    return "未找到 Chromium 浏览器，请安装（apt 包 chromium），或在 [crawl] chromium 中填写其路径"


def render_seconds(section: CrawlSection) -> float:
    """How long may a page's scripts work and fetch? Then it is read as it stands.

    Enough for twenty answers at the delay that politeness asks for.
    """
    return 2 * section.timeout_seconds + 20 * section.delay_seconds


def render_settings(section: CrawlSection) -> dict[str, Any]:
    """Scrapy's further settings for jobs that need a browser, or what keeps them from it."""
    advice = missing_for_render(section)
    if advice is not None:
        return {"RENDER_ADVICE": advice}
    return {
        "RENDER_SECONDS": render_seconds(section),
        # Tabs are opened at an address that is never fetched, so one scheme is enough.
        "DOWNLOAD_HANDLERS": {**HANDLERS, "http": "crawler.tab_handler.TabHandler"},
        "DOWNLOAD_SLOTS": {TAB_SLOT: {"concurrency": TABS, "delay": 0, "jitter": 0}},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": browser_path(section),
            "headless": True,
            # Chromium refuses its sandbox to root, and to root only.
            "chromium_sandbox": os.geteuid() != 0,
            "proxy": {"server": "http://no-network.invalid:1", "bypass": "<-loopback>"},
            "args": list(_NO_NETWORK),
            "timeout": _LAUNCH_MS,
        },
    }
