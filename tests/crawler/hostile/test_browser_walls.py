"""No page in the browser reaches an inner network, by whatever way a page can ask for something.

A rendered page of a public host tries them all against a listener at an inner address that counts
connections, not requests: to open one is already too much. Names that turn inward are among them.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from checks.facts import Outcome, Visit
from crawler.jobs import Job
from crawler.run import crawl
from crawler.settings import CrawlSection
from storage.clock import now
from storage.ledger import Ledger
from tests.crawler.hostile.bodies import ROWS, whole
from tests.crawler.hostile.rebinding import INNER, PUBLIC
from tests.crawler.hostile.server import Answer, HostileServer, hostile_server, shown
from tests.crawler.hostile.test_rebinding import in_its_place, moved
from tests.hang import no_hang
from tests.system import needs

LINKS = (
    *("preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "prerender"),
    *("icon", "manifest", "stylesheet"),
)
# Each takes `to`, an address inside, of http; `add` puts an element into the page.
WAYS = {
    "fetch": "fetch(to)",
    "no-cors": "fetch(to, {mode: 'no-cors', method: 'POST', body: 'x', keepalive: true})",
    "xhr": "const x = new XMLHttpRequest(); x.open('GET', to); x.send()",
    "beacon": "navigator.sendBeacon(to, 'x')",
    "events": "new EventSource(to)",
    "socket": "new WebSocket(to.replace('http', 'ws'))",
    "transport": "new WebTransport(to.replace('http:', 'https:'))",
    "image": "new Image().src = to",
    "media": "add('video', {src: to, preload: 'auto'})",
    "script": "add('script', {src: to})",
    "module": "import(to)",
    "frame": "add('iframe', {src: to})",
    "frame-in-frame": "add('iframe', {srcdoc: `<img src='${to}'><iframe src='${to}'></iframe>`})",
    "object": "add('object', {data: to}); add('embed', {src: to})",
    "style": "add('style', {textContent: `@import '${to}'; body {background: url('${to}')}`})",
    "font": "new FontFace('x', `url(${to})`).load()",
    **{
        rel: f"add('link', {{rel: '{rel}', href: to, as: 'fetch', crossOrigin: 'anonymous'}})"
        for rel in LINKS
    },
    "speculation": "add('script', {type: 'speculationrules', textContent:"
    " JSON.stringify({prerender: [{urls: [to]}], prefetch: [{urls: [to]}]})})",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${to}')`])))",
    "imported": "new Worker(URL.createObjectURL(new Blob([`importScripts('${to}')`])))",
    "shared-worker": "new SharedWorker(URL.createObjectURL(new Blob([`fetch('${to}')`])))",
    "service-worker": "navigator.serviceWorker.register(to)",
    "popup": "window.open(to)",
    "ping": "add('a', {href: '#', ping: to}).click()",
    "download": "add('a', {href: to, download: 'x'}).click()",
    "post": "add('form', {action: to, method: 'POST', target: add('iframe', {name: 'f'}).name})"
    ".submit()",
    "peers": "const p = new RTCPeerConnection({iceServers: [{urls: [`stun:${at}`,"
    " `turn:${at}?transport=tcp`], username: 'x', credential: 'x'}]}); p.createDataChannel('x');"
    "p.createOffer().then(offer => p.setLocalDescription(offer))",
}
# These end the page they stand in, so each has a page of its own.
MOVES = {
    "form": "add('form', {action: to, method: 'POST'}).submit()",
    "refresh": "add('meta', {httpEquiv: 'refresh', content: `0;url=${to}`})",
    "redirect": "location.href = '/moved.html'",
}


def trying(scripts: dict[str, str], targets: list[str]) -> Answer:
    """A good list whose script tries every way to every target, and says in a title that it did."""
    tried = "".join(f"attempt(() => {{{script}}});" for script in scripts.values())
    return shown(
        whole(
            f"<ul class='list'>{ROWS}</ul><script>"
            "function add(tag, more) {const made = document.createElement(tag);"
            "document.body.append(Object.assign(made, more)); return made}"
            "let tried = 0; function attempt(way) {try {way()} catch {} tried++}"
            f"for (const to of {targets}) {{const at = new URL(to).host; {tried}}}"
            "const row = document.querySelector('li').cloneNode(true);"
            "row.querySelector('a').textContent = `关于试过${tried}种途径的通知`;"
            "document.querySelector('ul').prepend(row)</script>"
        )
    )


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port of the inner address, and who came to it: by TCP at once, by UDP with a word."""
    came: list[str] = []
    with (
        socket.create_server((INNER, 0)) as taking,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hearing,
    ):
        port = taking.getsockname()[1]
        hearing.bind((INNER, port))

        def accept() -> None:
            while True:
                try:
                    caller, address = taking.accept()
                except OSError:  # closed: the test is over
                    return
                came.append(f"tcp {address}")
                caller.close()

        def hear() -> None:
            while hearing.recv(2000):
                came.append("udp")

        threads = [Thread(target=each, daemon=True) for each in (accept, hear)]
        for thread in threads:
            thread.start()
        yield port, came
        taking.shutdown(socket.SHUT_RDWR)
        hearing.sendto(b"", (INNER, port))
        for thread in threads:
            thread.join()


@dataclass(frozen=True)
class Met:
    visits: dict[str, Visit]
    titles: list[str]
    came: list[str]
    server: HostileServer


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    needs("chromium")
    folder = Path(tmp_path_factory.mktemp("walls"))
    pages: dict[str, Answer] = {}
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    with (
        pytest.MonkeyPatch.context() as patch,
        listener() as (port, came),
        hostile_server({PUBLIC: pages}) as server,
        no_hang(),
    ):
        patch.setattr("crawler.children.subprocess.Popen", in_its_place)
        names = ("inward.test", "turns-inward.test", "localhost")
        targets = [f"http://{host}:{port}/x" for host in (INNER, *names)]
        pages["/moved.html"] = moved(targets[0])
        pages["/ways.html"] = trying(WAYS, targets)
        for name, script in MOVES.items():
            pages[f"/{name}.html"] = trying({name: script}, targets[:1])
        own = f"http://steady.test:{server.port}"
        jobs = [
            Job(f"column:{name}", f"{own}/{name}.html", render=True) for name in ("ways", *MOVES)
        ]
        section = CrawlSection(
            delay_seconds=0, timeout_seconds=1.5, allow_private_networks=("127.0.1.0/24",)
        )
        crawl(ledger, jobs, section)
        histories = ledger.histories([job.subject for job in jobs], now())
        visits = {key: history.last for key, history in histories.items() if history.last}
        titles = [seen.item.title for seen in ledger.items("column:ways")]
        yield Met(visits, titles, came, server)
    ledger.close()


def test_every_way_was_tried(met: Met) -> None:
    assert f"关于试过{4 * len(WAYS)}种途径的通知" in met.titles


def test_nothing_came_to_the_inner_address(met: Met) -> None:
    assert met.came == []
    assert INNER not in met.server.asked


@pytest.mark.parametrize("name", ["ways", *MOVES])
def test_the_page_itself_is_read_and_what_it_did_not_get_is_told(met: Met, name: str) -> None:
    visit = met.visits[f"column:{name}"]
    assert (visit.outcome, str(visit.newest)) == (Outcome.OK, "2026-11-19"), visit.note
    assert "可能有更新未能看到" in (visit.note or "")
