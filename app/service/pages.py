"""The dashboard as a process: served beside the scheduler, or alone and as often as is wanted."""

from __future__ import annotations

import logging
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from app.home import Home
from app.service import ServiceError
from app.service.stop import when_asked
from app.service.told import Health, told_routes
from app.settings import Settings, WebSection
from app.web.site import create

log = logging.getLogger("xunjian.serve")
WAIT_SECONDS = 10
MOST_AT_ONCE = 200  # more are told to come again; the office has fifty readers
LOOK_SECONDS = 15


class Answering:
    """An application on `[web] host` and `port`, as long as the body runs.

    The address is taken at once: who asks before the body begins waits for it. Raises OSError when
    it cannot be had.
    """

    def __init__(self, site: FastAPI, web: WebSection) -> None:
        config = uvicorn.Config(
            site,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=WAIT_SECONDS,
            limit_concurrency=MOST_AT_ONCE,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._socket = socket.create_server((web.host, web.port))

    @property
    def lives(self) -> bool:
        """Does the thread that answers still live?"""
        return self._thread.is_alive()

    def __enter__(self) -> Self:
        self._thread.start()
        log.info("answering on %s port %d", *self._socket.getsockname()[:2])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def serve_pages(home: Home, settings: Settings) -> None:
    """Show the pages until SIGTERM or SIGINT; what was asked before is answered.

    Any number of these may serve one database: sessions, locks of logins and audit lie in it,
    drafts and reports in the home directory. Each judges the day for itself. Raises OSError when
    the address of [web] is taken, ServiceError when it can no longer answer.
    """
    stop = when_asked()
    ledger = home.open_ledger()
    try:
        site = create(home, ledger)
        site.include_router(told_routes(Health(settings, ledger)))
        with Answering(site, settings.web) as answering:
            site.state.snapshots.prepare()
            while not stop.wait(LOOK_SECONDS):
                if not answering.lives:
                    raise ServiceError("网页线程已中止。")
    finally:
        ledger.close()
