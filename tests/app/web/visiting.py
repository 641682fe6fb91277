"""Persons of every role who visit the pages of one home, as browsers without scripts do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from httpx2 import Response

from app.home import Home
from app.web.entry import begin, digest, hashed
from app.web.guard import COOKIE
from app.web.rights import Role
from app.web.site import create
from storage.clock import now
from storage.ledger import Ledger

PASSWORD = "correct horse battery"
ORIGIN = "http://xunjian.test"


@cache
def one_hash() -> str:
    """One hash for all: to make one is meant to be slow."""
    return hashed(PASSWORD)


def enter_people(ledger: Ledger, unit: str = "jyj") -> None:
    """A person of each role, whose login is the role's word; the viewer is of `unit`."""
    for role in Role:
        of = unit if role is Role.VIEWER else None
        ledger.add_person(role, f"示例{role}", role, of, one_hash(), now())


class Visit:
    """A browser in which somebody has come in."""

    def __init__(self, client: TestClient, ledger: Ledger, login: str) -> None:
        self.client, self.ledger = client, ledger
        person = ledger.person(login)
        assert person is not None
        # Not by password: to compare one is meant to be slow, and /login has tests of its own.
        secret = begin(ledger, person, now()).secret
        client.cookies.set(COOKIE, secret, domain=urlsplit(ORIGIN).netloc)

    def get(self, path: str) -> BeautifulSoup:
        """The page as text and tags. It must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-2000:])
        return BeautifulSoup(answer.text, "lxml")

    def status(self, path: str) -> int:
        return self.client.get(path).status_code

    def post(self, path: str, **form: str) -> Response:
        """Send a form as a page of ours would, with its key."""
        visitor = self.ledger.visitor(digest(self.client.cookies[COOKIE]))
        assert visitor is not None
        return self.client.post(path, data={"csrf": visitor.csrf, **form})


@contextmanager
def visiting(home: Home, ledger: Ledger, login: str) -> Iterator[Visit]:
    """Somebody who has come in to the pages of this home."""
    with TestClient(create(home, ledger), base_url=ORIGIN, follow_redirects=False) as client:
        yield Visit(client, ledger, login)


def rows_of(page: Tag, selector: str = "table.rows") -> list[list[str]]:
    """The cells of a table's body, as text."""
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in page.select(f"{selector} > tbody > tr")
    ]
