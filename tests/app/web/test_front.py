"""The reverse proxy: it is believed from its own address, and nobody can speak in its name."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.home import Home
from app.settings import SettingsError
from app.web.entry import digest
from app.web.guard import COOKIE
from app.web.site import create
from storage.clock import now
from storage.ledger import Ledger
from storage.tables import AttemptRow
from tests.app.web.visiting import ORIGIN, PASSWORD, enter_people

SETTINGS = '[web]\nlogin_header = "X-Remote-User"\ntrusted_proxies = ["10.0.0.1", "fd00::/8"]\n'
PROXY, BROWSER, STRANGER = "10.0.0.1", "10.2.0.7", "10.0.0.2"
NAMED = {"x-remote-user": "clerk", "x-forwarded-for": BROWSER}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    tmp_path.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    enter_people(opened)
    yield opened
    opened.close()


@contextmanager
def peer(home: Home, ledger: Ledger, address: str) -> Iterator[TestClient]:
    """Somebody who speaks to the server from this address."""
    site = create(home, ledger)
    with TestClient(
        site, base_url=ORIGIN, follow_redirects=False, client=(address, 50000)
    ) as client:
        yield client


def attempts(ledger: Ledger) -> list[tuple[str, str, bool]]:
    with ledger.reading() as session:
        return [(row.login, row.address, row.ok) for row in session.exec(select(AttemptRow))]


def who(ledger: Ledger, client: TestClient) -> str | None:
    visitor = ledger.visitor(digest(client.cookies.get(COOKIE) or ""))
    return visitor.person.login if visitor is not None else None


def test_whom_the_proxy_names_is_in_with_a_session_and_its_key(home: Home, ledger: Ledger) -> None:
    with peer(home, ledger, PROXY) as client:
        answer = client.get("/password", headers=NAMED)
        assert answer.headers["location"] == "/login?to=/password"
        answer = client.get("/login?to=/password", headers=NAMED)
        assert (answer.status_code, answer.headers["location"]) == (303, "/password")
        assert (who(ledger, client), attempts(ledger)) == ("clerk", [("clerk", BROWSER, True)])
        assert client.get("/password", headers=NAMED).status_code == 200
        # A form is as guarded as ever: the name in the header is no key.
        assert client.post("/logout", headers=NAMED).status_code == 403
        held = ledger.visitor(digest(client.cookies[COOKIE]))
        assert held is not None
        assert client.post("/logout", data={"csrf": held.csrf}, headers=NAMED).status_code == 303
        # Who went out stays out until they ask again.
        page = client.get("/login", headers=NAMED)
        assert "统一登录已确认您的身份（clerk）" in page.text
        assert who(ledger, client) is None


def test_another_at_the_front_does_not_get_the_session_of_the_last(
    home: Home, ledger: Ledger
) -> None:
    with peer(home, ledger, PROXY) as client:
        client.get("/login?to=/", headers=NAMED)
        other = {**NAMED, "x-remote-user": "viewer"}
        assert client.get("/password", headers=other).headers["location"].startswith("/login")
        client.get("/login?to=/", headers=other)
        assert who(ledger, client) == "viewer"


def test_a_name_from_any_other_address_is_ignored_and_told(
    home: Home, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    forged = {**NAMED, "x-forwarded-proto": "https", "x-forwarded-for": PROXY}
    with (
        caplog.at_level(logging.WARNING, "xunjian.web"),
        peer(home, ledger, STRANGER) as client,
    ):
        for _ in range(3):
            page = client.get("/login?to=/", headers=forged)
            assert (page.status_code, "统一登录" in page.text) == (200, False)
        assert (client.cookies.get(COOKIE), attempts(ledger)) == (None, [])
        # By password they come in, from the address that they have.
        given = {"login": "clerk", "password": PASSWORD}
        answer = client.post("/login", data=given, headers=forged)
        assert "Secure" not in answer.headers["set-cookie"]
        assert attempts(ledger) == [("clerk", STRANGER, True)]
        # And the session is theirs alone, whatever they call themselves.
        assert client.get("/password", headers={"x-remote-user": "operator"}).status_code == 200
        assert who(ledger, client) == "clerk"
    assert [record.getMessage() for record in caplog.records] == [
        "10.0.0.2 sent X-Remote-User and is no proxy of [web] trusted_proxies: it is not believed"
    ]


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (BROWSER, BROWSER),
        (f"1.1.1.1, {BROWSER}", BROWSER),  # what stands before it the browser wrote itself
        (f"{BROWSER}, fd00::5", BROWSER),  # two proxies of ours
        (f"{PROXY}, fd00::5", PROXY),
        ("", PROXY),
        ("nonsense", PROXY),
        (f"{BROWSER}, nonsense", PROXY),
        ("2001:db8::9", "2001:db8::9"),
    ],
)
def test_the_address_is_the_last_that_is_no_proxy_of_ours(
    home: Home, ledger: Ledger, given: str, seen: str
) -> None:
    with peer(home, ledger, PROXY) as client:
        client.get("/login?to=/", headers={**NAMED, "x-forwarded-for": given})
    assert attempts(ledger) == [("clerk", seen, True)]


@pytest.mark.parametrize(("way", "sure"), [("https", True), ("http", False), ("gopher", False)])
def test_the_cookie_is_for_tls_alone_where_the_proxy_says_so(
    home: Home, ledger: Ledger, way: str, sure: bool
) -> None:
    with peer(home, ledger, "::ffff:10.0.0.1") as client:
        answer = client.get("/login?to=/", headers={**NAMED, "x-forwarded-proto": way})
        assert ("Secure" in answer.headers["set-cookie"]) is sure


def test_unknown_ended_and_doubled_names_do_not_come_in(home: Home, ledger: Ledger) -> None:
    ledger.change_person("reviewer", now(), ended=True)
    with peer(home, ledger, PROXY) as client:
        for login in ("nobody", "reviewer"):
            page = client.get("/login?to=/", headers={"x-remote-user": login})
            assert page.status_code == 403
            assert "统一登录的账号尚未开通" in page.text
        for named in ([("x-remote-user", "clerk")] * 2, [("x-remote-user", "a" * 65)],
                      [("x-remote-user", " ")]):  # fmt: skip
            assert client.get("/login?to=/", headers=named).status_code == 200
        assert client.cookies.get(COOKIE) is None
    assert attempts(ledger) == [("nobody", PROXY, False), ("reviewer", PROXY, False)]


def test_where_no_proxy_is_set_nobodys_word_counts(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = home.open_ledger()
    enter_people(ledger)
    with peer(home, ledger, "127.0.0.1") as client:
        page = client.get("/login?to=/", headers={**NAMED, "x-forwarded-proto": "https"})
        assert (page.status_code, client.cookies.get(COOKIE)) == (200, None)
        client.post("/login", data={"login": "clerk", "password": "wrong"}, headers=NAMED)
    assert attempts(ledger) == [("clerk", "127.0.0.1", False)]
    ledger.close()


@pytest.mark.parametrize(
    ("web", "words"),
    [
        ('login_header = "X-Remote-User"', "须填写 trusted_proxies"),
        ('trusted_proxies = ["0.0.0.0/0"]', "不能信任所有地址"),
        ('trusted_proxies = ["::/0"]', "不能信任所有地址"),
        ('trusted_proxies = ["proxy.example"]', "trusted_proxies"),
        ('login_header = "X Remote"\ntrusted_proxies = ["10.0.0.1"]', "login_header"),
    ],
)
def test_settings_by_which_anybody_could_be_anybody_are_refused(
    tmp_path: Path, web: str, words: str
) -> None:
    tmp_path.joinpath("settings.toml").write_text(f"[web]\n{web}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        Home(tmp_path).settings()
