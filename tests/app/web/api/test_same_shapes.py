"""The interface answers what the command of that name answers, to the byte once both are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from app.show import json_text
from app.web.api.answers import VERSION
from app.web.api.routes.schema import TOLD
from checks.facts import Outcome
from storage.clock import now
from tests.app.run import called
from tests.app.test_bad_input import SETTINGS
from tests.app.web.api.asking import Program, asking, make_home
from tests.storage.make import look

# The words of a command, the address, and a text that the answer must hold: no empty likeness.
SAME = (
    ("status", "/status", "镇街动态"),
    ("status --as-of 2026-09-15", "/status?as_of=2026-09-15", "2026-09-15"),
    ("status --as-of 2027-01-15 --unit qt", "/status?as_of=2027-01-15&unit=qt", "overdue"),
    ("status --unit nobody", "/status?unit=nobody", '"subjects": []'),
    ("letters", "/letters", "L2"),
    ("letters --as-of 2026-08-10 --unit jyj", "/letters?as_of=2026-08-10&unit=jyj", '"letters"'),
    ("items", "/items", "zj 2 \\u202e\\u2028"),
    ("items --unit qt", "/items?unit=qt", "zj 0"),
    ("items --as-of 2026-11-19", "/items?as_of=2026-11-19", '"items": []'),
    ("scores", "/scores", "M3"),
    ("scores --site s --as-of 2026-10-01", "/scores?site=s&as_of=2026-10-01", "deduction_score"),
    ("explain dt", "/explain/dt", "重读"),
    ("explain account:wx --as-of 2026-11-20", "/explain/account:wx?as_of=2026-11-20", "wx"),
    ("explain xx", "/explain/mailbox:xx", "L1"),
    ("findings", "/findings", "urged"),
    ("findings --unit jyj --as-of 2026-08-01", "/findings?unit=jyj&as_of=2026-08-01", "dt"),
    ("findings show 1", "/findings/1", "整改通知〔2026〕1号"),
    ("findings show 2 --as-of 2026-09-01", "/findings/2?as_of=2026-09-01", "working_days_left"),
    ("rules list", "/rules", "news_2w"),
    ("rules show news_2w", "/rules/news_2w", "news_2w"),
    ("rules show cn-2019/M3", "/rules/cn-2019/M3", "M3"),
    ("rules show cn-2019", "/rules/cn-2019", '"scoring": {'),
    ("assess --period 2026Q3", "/assess?period=2026Q3", "col_overdue"),
    ("assess --period 2026 --unit qt", "/assess?period=2026&unit=qt", '"draft"'),
    ("assessment list", "/assessments", "sha256"),
    ("assessment entries", "/assessment-entries", '"entries"'),
    ("account measures", "/accounts/measures", "wx"),
    (
        "account measures --period 2026Q3 --as-of 2026-11-20 --unit qt",
        "/accounts/measures?period=2026Q3&as_of=2026-11-20&unit=qt",
        "wx",
    ),
    ("account yearly --year 2026", "/accounts/yearly?year=2026", "wechat"),
    ("hand list", "/hands", "\\u001b[2J"),
    ("hand list --subject site:s", "/hands?subject=site:s", '"hands": []'),
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = make_home(tmp_path_factory.mktemp("home"))
    with asking(home) as made:
        yield made


def shape_of(path: str) -> TypeAdapter[object]:
    """The declared shape of what this address answers."""
    full = VERSION + path.partition("?")[0]
    found = [route for each in TOLD for route in each.routes if isinstance(route, APIRoute)]
    (model, *_) = [each.response_model for each in found if each.path_regex.match(full)]
    return TypeAdapter(model)


@pytest.mark.parametrize(("words", "path", "holds"), SAME, ids=[each[1] for each in SAME])
def test_the_answer_is_the_commands_document(
    program: Program, words: str, path: str, holds: str
) -> None:
    ran = called(*words.split(), "--format", "json", home=program.home.folder)
    assert ran.code == 0, ran.err
    answer = program.ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == ran.json
    assert answer.text == json_text(ran.json)
    assert holds in answer.text, answer.text[:3000]
    shape_of(path).validate_json(answer.content, strict=True)


def test_every_route_that_answers_a_document_is_compared() -> None:
    compared = [VERSION + path.partition("?")[0] for _, path, _ in SAME]
    routes = [route for each in TOLD for route in each.routes if isinstance(route, APIRoute)]
    left = [each.path for each in routes if not any(map(each.path_regex.match, compared))]
    assert left == [f"{VERSION}/openapi.json"]


@pytest.mark.parametrize("path", ["/items", "/letters", "/findings", "/findings?unit=jyj"])
def test_a_long_list_is_given_in_parts_that_are_the_whole(program: Program, path: str) -> None:
    (whole,) = (rows for rows in program.ask(path).json().values() if isinstance(rows, list))
    assert len(whole) > 1
    found, address = [], f"{path}{'&' if '?' in path else '?'}limit=1"
    while address:
        answer = program.ask(address)
        (rows,) = (rows for rows in answer.json().values() if isinstance(rows, list))
        assert len(rows) == 1
        found += rows
        link = answer.headers.get("link", "")
        assert link.endswith('>; rel="next"') or link == ""
        address = link.partition(">")[0].removeprefix(f"<{VERSION}")
    assert found == whole


def test_what_no_eye_sees_is_written_by_number_and_reads_as_it_is(program: Program) -> None:
    answer = program.ask("/items?subject=column:zj&limit=1")
    assert "\\u202e\\u2028" in answer.text
    assert "\u202e" not in answer.text
    assert [row["title"] for row in json.loads(answer.content)["items"]] == ["zj 2 \u202e\u2028"]


def test_a_day_is_judged_again_only_when_the_ledger_has_changed(tmp_path: Path) -> None:
    with asking(make_home(tmp_path)) as program:
        days = program.client.app.state.days  # type: ignore[attr-defined]
        held, other = days.of(None), days.of(date(2026, 9, 15))
        assert (days.of(None) is held, days.of(date(2026, 9, 15)) is other) == (True, True)
        look(program.ledger, now(), Outcome.UNREACHABLE, subject="column:yw")
        assert program.ask("/explain/yw").json()["subjects"][0]["outcome"] == "unreachable"
        assert days.of(None) is not held
        program.home.path("settings.toml").write_text(SETTINGS, encoding="utf-8")
        assert program.ask("/scores").json()["scores"] == []
