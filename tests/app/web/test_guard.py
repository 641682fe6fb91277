"""Every route is behind a right; no form from elsewhere is taken; no address leads away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.home import Home
from app.web.entry import digest, hashed
from app.web.guard import OF_NOBODY, Needs, safe_path
from app.web.rights import Action, Role, may
from app.web.site import HEADERS, create, routers
from storage.clock import now
from storage.ledger import Ledger

PASSWORD = "correct horse battery"
OPEN = {("GET", "/login"), ("POST", "/login")}


@pytest.fixture(scope="module")
def password() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def ledger(tmp_path: Path, password: str) -> Iterator[Ledger]:
    opened = Home(tmp_path).open_ledger()
    for role in Role:
        unit = "jyj" if role is Role.VIEWER else None
        opened.add_person(role, f"示例{role}", role, unit, password, now())
    yield opened
    opened.close()


@pytest.fixture
def client(tmp_path: Path, ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(
        create(Home(tmp_path), ledger), base_url="http://xunjian.test", follow_redirects=False
    ) as made:
        yield made


def come_in(client: TestClient, login: str, to: str = "/") -> str:
    """Come in; returns the key that forms must carry."""
    answer = client.post("/login", data={"login": login, "password": PASSWORD, "to": to})
    assert answer.status_code == 303, answer.text
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/nowhere").text)
    return found[1] if found else ""


def routes() -> list[tuple[str, APIRoute]]:
    """All routes by method; a route of another kind would not be known to be guarded."""
    found = [route for router in routers() for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    made = [route for route in found if isinstance(route, APIRoute)]
    return [(method, route) for route in made for method in sorted(route.methods or ())]


def action_of(route: APIRoute) -> Action | None:
    needed = [each.call for each in route.dependant.dependencies if isinstance(each.call, Needs)]
    return needed[0].action if len(needed) == 1 else None


def test_every_route_but_the_entrance_asks_for_one_right(client: TestClient) -> None:
    site = client.app
    assert isinstance(site, FastAPI)
    static, *included = site.routes
    assert (getattr(static, "path", ""), len(included)) == ("/static", len(routers()))
    unguarded = {(way, route.path) for way, route in routes() if action_of(route) is None}
    assert unguarded == OPEN


@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_lets_in_whom_its_right_names_and_nobody_else(
    client: TestClient, role: Role | None
) -> None:
    if role is not None:
        come_in(client, role)
    for method, route in routes():
        action = action_of(route)
        if action is None:
            continue
        path = re.sub(r"\{[^}]+\}", "1", route.path)
        answer = client.request(method, path)
        if role is None and path.startswith("/api/"):
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), path
        elif role is None:
            assert (answer.status_code, answer.headers["location"][:7]) == (303, "/login?"), path
        elif not may(role, action) or method != "GET":
            assert answer.status_code == 403, (path, role)  # a form needs its key as well
        else:
            assert answer.status_code not in (401, 403), (path, role)


def test_who_comes_in_goes_where_they_wanted_and_out_again(
    client: TestClient, ledger: Ledger
) -> None:
    answer = client.post("/login", data={"login": "clerk", "password": PASSWORD, "to": "/a?b=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/a?b=1")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    secret = client.cookies["xunjian"]
    assert client.post("/logout").status_code == 403
    held = ledger.visitor(digest(secret))
    assert held is not None
    assert client.post("/logout", data={"csrf": held.csrf + "x"}).status_code == 403
    assert client.post("/logout", data={"csrf": held.csrf}).headers["location"] == "/login"
    assert ledger.visitor(digest(secret)) is None


def test_whose_session_has_ended_comes_back_to_what_they_had_chosen(client: TestClient) -> None:
    wanted = "/?unit=jyj&verdict=overdue&text=%E6%95%99%26"
    asked = client.get(wanted)
    assert asked.status_code == 303
    page = client.get(asked.headers["location"])
    field = BeautifulSoup(page.text, "lxml").select_one("input[name=to]")
    assert field is not None
    given = {"login": "clerk", "password": PASSWORD, "to": str(field["value"])}
    assert client.post("/login", data=given).headers["location"] == wanted


def test_a_part_of_a_page_is_not_replaced_by_the_login(client: TestClient) -> None:
    answer = client.get("/?unit=jyj", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (
        401,
        "/login?to=/%3Funit%3Djyj",
    )


@pytest.mark.parametrize(
    "path", ["/login", "/findings/handle", "/inventory/upload", "/api/v1/status"]
)
def test_of_nobody_no_more_is_taken_than_a_login_needs(client: TestClient, path: str) -> None:
    large = {"note": "x" * OF_NOBODY}
    assert client.post(path, data=large).status_code == 413
    assert client.post(path, data=large, headers={"cookie": "xunjian=guess"}).status_code == 413
    unsaid = client.post(path, content=iter([b"login=", b"clerk"]))
    assert unsaid.status_code == 413
    assert client.post("/login", data={"login": "x" * 60000}).status_code != 413
    come_in(client, "clerk")
    assert client.post(path, data=large).status_code != 413


def test_a_wrong_password_is_told_without_saying_what_was_wrong(client: TestClient) -> None:
    answer = client.post("/login", data={"login": "<b>clerk</b>", "password": "wrong"})
    assert answer.status_code == 403
    assert "登录名或密码不正确。" in answer.text
    assert "&lt;b&gt;clerk&lt;/b&gt;" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    given = {"login": "clerk", "password": PASSWORD}
    assert client.post("/login", data=given, headers=headers).status_code == 403
    ours = {"origin": "http://xunjian.test", "sec-fetch-site": "same-origin"}
    assert client.post("/login", data=given, headers=ours).status_code == 303


@pytest.mark.parametrize(
    "given",
    ["//evil.example", "http://evil.example", "/\\evil", "\\\\evil", "javascript:alert(1)", "", "a",
     "/a\nb", "/\t/evil", "///evil"],
)  # fmt: skip
def test_no_address_leads_away(given: str) -> None:
    assert safe_path(given) == "/"


def test_pages_say_what_a_browser_may_do_and_are_not_kept(client: TestClient) -> None:
    for path in ("/login", "/nowhere"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    sheet = client.get("/static/xunjian.css")
    assert (sheet.status_code, sheet.headers["cache-control"]) == (200, "no-cache")
    held = {"if-none-match": sheet.headers["etag"]}
    assert client.get("/static/xunjian.css", headers=held).status_code == 304
    script = client.get("/static/vendor/htmx-4.0.1.min.js")
    assert script.headers["cache-control"] == "public, max-age=604800"
    assert client.get("/static/../site.py").status_code == 404
