"""The pages in a real Chromium: what it asks for, and what it complains of, is kept.

Every page that is opened here must ask nothing of any other host and complain of nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from app.home import Home
from app.web.site import create
from storage.ledger import Ledger
from tests.app.web.visiting import PASSWORD
from tests.system import needs

WIDE, PHONE = 1360, 390


class Desk:
    """Pages of one site in one browser; `foreign` and `complaints` are what must be empty."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser, self.base = browser, base
        self.foreign: list[str] = []
        self.complaints: list[str] = []

    def page(self, login: str, width: int = WIDE, *, scripts: bool = True) -> Page:
        """The first page as somebody sees it who has just come in."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            base_url=self.base,
        )
        page = context.new_page()
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto("/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_selector("header nav")
        return page

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.foreign.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")


@contextmanager
def serving_pages(home: Home, ledger: Ledger) -> Iterator[str]:
    """The pages of a home on loopback; gives their base address."""
    config = uvicorn.Config(create(home, ledger), port=0, access_log=False, log_level="warning")
    server = uvicorn.Server(config)
    bound = config.bind_socket()
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


@contextmanager
def desk(home: Home, ledger: Ledger) -> Iterator[Desk]:
    """A browser before the pages of a home. Skips, or fails in CI, where there is no Chromium."""
    path = needs("chromium")
    with sync_playwright() as playwright, serving_pages(home, ledger) as base:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        made = Desk(browser, base)
        yield made
        browser.close()
    assert made.foreign == []
    assert made.complaints == []


def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody from reading this page: rule, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
