"""Who is answered, by a key or a session, within its holder's role and unit; and who is not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response

from app.day import Day, judge_day
from app.home import Home
from app.scheme_entries import Said, record
from app.web.api import guard
from app.web.api.answers import VERSION, WORDS
from app.web.api.days import WAITING
from app.web.entry import come_in, digest
from app.web.rights import Role
from storage.clock import now
from tests.app.assessed import on
from tests.app.web.api.asking import Program, asking, make_home, secret_of
from tests.app.web.visiting import PASSWORD

ADDRESS = "10.0.0.9"
DAY = "as_of：应为日期，如 2026-11-23"
MANY = "limit：应为 1 至 10000 的整数"
PASSED = "offset：应为 0 至 100000 的整数；更早的请按单位或对象查询"
CYCLE = "period：应为周期，如 2026Q4、2026H1、2026；发布情况另可为 2026-11、2026W47"
WRONG_MONTH = "period 2026-13：应为年、季、月或 ISO 周，如 2026、2026Q4、2026-11、2026W47"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def program(home: Home) -> Iterator[Program]:
    with asking(home) as made:
        yield made


def told(answer: Response) -> tuple[int, str]:
    """A refusal: JSON with the words alone, and no way elsewhere."""
    assert answer.headers["content-type"] == "application/json"
    assert "location" not in answer.headers
    (words,) = answer.json().values()
    return answer.status_code, words


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer"},
        {"authorization": ""},
        {"authorization": f"Basic {secret_of(Role.CLERK)}"},
        {"authorization": f"Bearer {digest(secret_of(Role.CLERK))}"},
        {"authorization": "Bearer \xff\xfe".encode("latin-1")},
        {"cookie": "xunjian=wrong"},
    ],
)
def test_who_has_no_key_is_told_to_bring_one(program: Program, headers: dict[str, Any]) -> None:
    for path in ("/status", "/openapi.json", "/nowhere", "/findings/x", "/status?a=b"):
        answer = program.client.get(VERSION + path, headers=headers)
        assert told(answer) == (401, WORDS[401])
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_that_is_taken_back_and_one_of_a_person_who_has_ended_are_dead(
    program: Program,
) -> None:
    ledger = program.ledger
    for login in ("li", "zhao"):
        person = ledger.add_person(login, "示例", Role.CLERK, None, "", now())
        number = ledger.add_token(digest(secret_of(login)), person, "示例程序", now())
        assert program.ask("/rules", login).status_code == 200
        if login == "li":
            ledger.change_person("li", now(), ended=True)
        else:
            ledger.end_token(number, now())
        assert told(program.ask("/rules", login)) == (401, WORDS[401])


def test_a_session_reads_and_a_wrong_key_is_not_mended_by_it(program: Program) -> None:
    opened = come_in(program.ledger, Role.CLERK, PASSWORD, ADDRESS, now())
    cookie = {"cookie": f"xunjian={opened.secret}"}
    answer = program.client.get(f"{VERSION}/status", headers=cookie)
    assert answer.content == program.ask("/status").content
    wrong = {**cookie, "authorization": "Bearer wrong"}
    assert told(program.client.get(f"{VERSION}/status", headers=wrong))[0] == 401
    program.ledger.end_session(digest(opened.secret), now())
    assert told(program.client.get(f"{VERSION}/status", headers=cookie))[0] == 401


@pytest.mark.parametrize("path", ["/scores", "/hands", "/assessments"])
@pytest.mark.parametrize("role", list(Role))
def test_what_names_many_units_is_for_the_office(program: Program, path: str, role: Role) -> None:
    answer = program.ask(path, role)
    if role is Role.VIEWER:
        assert told(answer) == (403, WORDS[403])
    else:
        assert answer.status_code == 200


def units_in(value: Any) -> set[str]:
    """Every unit that a document names."""
    if isinstance(value, list):
        return set().union(*map(units_in, value))
    if not isinstance(value, dict):
        return set()
    own = {value["unit"]} if isinstance(value.get("unit"), str) else set()
    return own.union(*map(units_in, value.values()))


@pytest.mark.parametrize(
    ("path", "all_units"),
    [
        ("/status", {"jyj", "qt"}),
        ("/letters", {"jyj", "qt"}),
        ("/findings", {"jyj", "qt"}),
        ("/assess?period=2026Q3", {"jyj", "qt"}),
        ("/accounts/measures", {"qt"}),
        ("/accounts/yearly?year=2026", {"qt"}),
    ],
)
def test_a_viewer_sees_the_matters_of_their_own_unit_alone(
    program: Program, path: str, all_units: set[str]
) -> None:
    """The viewer is of `jyj`."""
    assert units_in(program.ask(path).json()) == all_units
    assert units_in(program.ask(path, Role.VIEWER).json()) == all_units & {"jyj"}
    joint = "&" if "?" in path else "?"
    own = program.ask(f"{path}{joint}unit=jyj")
    assert program.ask(f"{path}{joint}unit=jyj", Role.VIEWER).content == own.content
    assert program.ask(path, Role.VIEWER).content == own.content
    assert told(program.ask(f"{path}{joint}unit=qt", Role.VIEWER))[0] == 404


def test_items_and_explanations_of_another_unit_are_as_if_they_were_not_there(
    program: Program,
) -> None:
    items = program.ask("/items", Role.VIEWER).json()["items"]
    assert {each["subject"] for each in items} == {"column:dt"}
    for path in ("/items?subject=column:zj", "/items?unit=qt", "/items?subject=column:nothing"):
        assert told(program.ask(path, Role.VIEWER))[0] == 404
    assert program.ask("/explain/dt", Role.VIEWER).content == program.ask("/explain/dt").content
    others, none = (program.ask(f"/explain/{name}", Role.VIEWER) for name in ("zj", "no"))
    assert told(others)[0] == told(none)[0] == 404
    assert told(others)[1].replace("zj", "no") == told(none)[1]
    assert program.ask("/explain/zj").status_code == 200


def test_a_finding_of_another_unit_is_as_if_it_were_not_there(
    program: Program,
) -> None:
    own = program.ask("/findings/1", Role.VIEWER)
    assert own.content == program.ask("/findings/1").content
    program.ledger.add_person("qt", "示例", Role.VIEWER, "qt", "", now())
    person = program.ledger.person("qt")
    assert person is not None
    program.ledger.add_token(digest(secret_of("qt")), person, "示例程序", now())
    assert [each["id"] for each in program.ask("/findings", "qt").json()["findings"]] == [5]
    others, none = (told(program.ask(f"/findings/{n}", "qt")) for n in (1, 999))
    assert others == none == (404, "没有这一项，或者不属于您的单位。")


def test_of_their_mailbox_a_viewer_is_told_the_letters_of_their_own_unit(
    program: Program,
) -> None:
    whole, own = (program.ask("/explain/xx", role).json() for role in (Role.CLERK, Role.VIEWER))
    assert (whole["findings"], own["findings"]) == ([3, 4, 5], [3, 4])
    assert [any("L3" in line for line in each["text"]) for each in (whole, own)] == [True, False]
    assert own["subjects"] == whole["subjects"]


def test_changes_of_another_units_score_are_not_told_to_a_viewer(program: Program) -> None:
    home, ledger = program.home, program.ledger
    for unit in ("jyj", "qt"):
        said = Said(unit, "praise", on(9, 3), 1, "city", None, False, "市级通报表扬", "张三")
        record(home, home.settings(), ledger, said)
    changed = program.ask("/assess?period=2026Q3").json()["changes"]
    assert {each["unit"] for each in changed} == {"jyj", "qt"}
    changed = program.ask("/assess?period=2026Q3", Role.VIEWER).json()["changes"]
    assert {each["unit"] for each in changed} == {"jyj"}


def test_thirty_wrong_keys_lock_an_address_and_no_login(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = now()
    monkeypatch.setattr(guard, "now", lambda: later)
    with asking(home, ADDRESS) as program:
        _lock(program, later)
        assert told(program.ask("/status"))[0] == 429
        later += timedelta(minutes=15, seconds=1)
        assert program.ask("/status").status_code == 200
    with asking(home, "10.0.0.10") as program:
        assert program.ask("/status").status_code == 200


def _lock(program: Program, later: datetime) -> None:
    for n in range(30):
        assert told(program.with_key("/status", f"guess {n}"))[0] == 401
    for secret in ("another guess", secret_of(Role.CLERK)):
        answer = program.with_key("/status", secret)
        assert told(answer) == (429, "密钥错误次数过多，请稍后再试。")
        assert answer.headers["retry-after"] == "900"
    # Persons at the same address come in as ever, and by their sessions read.
    opened = come_in(program.ledger, Role.CLERK, PASSWORD, ADDRESS, later)
    cookie = {"cookie": f"xunjian={opened.secret}"}
    assert program.client.get(f"{VERSION}/status", headers=cookie).status_code == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/status?as_of=2026-02-30", DAY),
        ("/status?as_of=0", DAY),
        ("/status?as_of=", DAY),
        ("/status?as_off=2026-11-23", "没有这样的参数：as_off"),
        ("/status?unit=jyj&unit=qt", "同一个参数只能给出一次。"),
        ("/items?limit=0", MANY),
        ("/items?limit=10001&offset=-1", f"{MANY}；{PASSED}"),
        ("/items?limit=1.0", MANY),
        ("/findings?offset=100001", PASSED),
        ("/findings/one", "id：应为问题编号，整数"),
        ("/assess", CYCLE),
        ("/assess?period=2026-11", CYCLE),
        ("/assess?period=9999", "period 9999：考核周期尚未开始"),
        ("/accounts/measures?period=2026-13", WRONG_MONTH),
        ("/accounts/measures?as_of=9999-01-01", "as_of 9999-01-01：这一天尚未到来"),
        ("/accounts/yearly?year=9999", "year 9999：这一年尚未开始"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_words(program: Program, path: str, words: str) -> None:
    assert told(program.ask(path)) == (422, words)


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/status/", "/explain/none", "/findings/99", "/rules/none", "/rules/cn-2019/none",
     "/scores?site=none", "/items?subject=none"],
)  # fmt: skip
def test_what_is_not_there_is_404_in_json(program: Program, path: str) -> None:
    assert told(program.ask(path))[0] == 404


def test_nothing_but_reading_is_done(program: Program) -> None:
    headers = {"authorization": f"Bearer {secret_of(Role.CLERK)}"}
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = program.client.request(method, f"{VERSION}/status", headers=headers)
        assert (*told(answer), answer.headers["allow"]) == (405, WORDS[405], "GET")


def test_a_fault_of_ours_is_told_in_json_and_logged(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    settings = program.home.path("settings.toml")
    kept = settings.read_bytes()
    settings.write_text("[nonsense]\nx = 1\n", encoding="utf-8")
    try:
        assert told(program.ask("/status")) == (500, WORDS[500])
    finally:
        settings.write_bytes(kept)
    assert "/api/v1/status could not be answered" in caplog.text


def test_a_long_computation_waits_its_turn_and_no_more_than_a_few_wait(program: Program) -> None:
    days = program.client.app.state.days  # type: ignore[attr-defined]
    assert program.ask("/status").status_code == 200
    taken = [days._places.acquire(blocking=False) for _ in range(1 + WAITING)]
    try:
        assert all(taken)
        assert program.ask("/status").status_code == 200  # it is judged already
        answer = program.ask("/status?as_of=2026-03-03")
        assert (*told(answer), answer.headers["retry-after"]) == (503, WORDS[503], "5")
    finally:
        for _ in taken:
            days._places.release()
    assert program.ask("/status?as_of=2026-03-03").status_code == 200


def test_a_day_that_many_ask_for_at_once_is_judged_once(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[date | None] = []

    def counted(*given: Any) -> Day:
        judged.append(given[-1])
        return judge_day(*given)

    monkeypatch.setattr("app.web.api.days.judge_day", counted)
    with ThreadPoolExecutor(1 + WAITING) as pool:
        asked = [pool.submit(program.ask, "/status?as_of=2026-04-04") for _ in range(1 + WAITING)]
        answers = [each.result() for each in asked]
    assert {each.status_code for each in answers} == {200}
    assert len({each.content for each in answers}) == 1
    assert judged == [date(2026, 4, 4)]
