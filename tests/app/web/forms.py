"""Forms as a person fills them in: what a page hides in them is sent along."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from httpx2 import Response

from tests.app.web.visiting import Visit

File = tuple[str, bytes]
Form = dict[str, str | list[str]]


def steps_on(page: BeautifulSoup) -> list[str]:
    """The steps that a page offers, as forms or as links to their own page."""
    forms = [str(each["value"]) for each in page.select("form.step input[name=step]")]
    links = [str(each["href"]).partition("step=")[2] for each in page.select("ul.weighty a")]
    return [*forms, *(each.partition("&")[0] for each in links)]


def form_of(page: BeautifulSoup, step: str) -> tuple[str, Form]:
    """Where the form of a step leads, and what it holds before anybody fills it in."""
    (form,) = [
        each
        for each in page.select("form.step")
        if each.select(f'input[name=step][value="{step}"]')
    ]
    held: Form = {}
    for each in form.select("input, textarea"):
        if each.get("type") != "file":
            value = each.get_text() if each.name == "textarea" else str(each.get("value", ""))
            before = held.get(name := str(each["name"]))
            held[name] = value if before is None else [*_all(before), value]
    return str(form["action"]), held


def _all(held: str | list[str]) -> list[str]:
    return [held] if isinstance(held, str) else held


def send(visit: Visit, path: str, held: Form, file: File | None = None, **typed: str) -> Response:
    """Send a form with what was typed into it."""
    files = {"file": file} if file is not None else None
    return visit.client.post(path, data={**held, **typed}, files=files)


def page_of(answer: Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def faults_of(answer: Response) -> list[str]:
    """What a page says is wrong, line by line."""
    found = page_of(answer).select('[role="alert"] p')
    return [each.get_text() for each in found if isinstance(each, Tag)]
