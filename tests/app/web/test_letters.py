"""Letters: the rates of units, what is open or late, and a deadline read off a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.day import judge_day
from app.home import Home
from app.web import snapshot
from app.web.letter_calendar import months_of
from app.web.letters import desk_of, letter_key, letters_of, told_until
from checks.facts import Letter, LetterState, Outcome
from checks.letter_clock import Clock
from checks.letter_days import letter_days
from checks.periods import read_period
from notify.quarterly.letters import quarter_letters
from storage.inventory import read_toml
from storage.ledger import Sighting
from tests.app.life import REGISTER, Life, begin
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting
from tests.checks.make import CALENDAR, LAW, day, letter_of, mailbox
from tests.checks.make import letter as state

(RULE,) = (rule for rule in LAW.in_force(day("11-22")) if rule.id == "mailbox_5wd")
HOSTILE = '<script>alert(1)</script>/../?"#'
MAILBOXES = """
[[mailbox]]
id = "xz"
site = "s"
name = "示例信箱"
url = "http://portal.example/xz/"
unit = "zfb"
[[mailbox]]
id = "jy"
site = "s"
name = "教育信箱"
url = "http://portal.example/jyxx/"
unit = "jyj"
"""


def letter(ref: str, received: str, replied: str | None = None, **more: object) -> Letter:
    known = {"received_on": day(received), "replied_on": day(replied) if replied else None}
    return Letter(ref, "", None, **{"answered": replied is not None, **known, **more})  # type: ignore[arg-type]


LETTERS = (
    letter("A1", "09-24", "10-09"),  # in time, over National Day
    letter("A2", "09-24", "10-10"),  # late by one working day
    letter("A3", "11-16", "11-18"),  # in time, 2 working days
    letter("A4", "2025-11-03", "2025-11-20"),  # late, of the year before
    letter("B1", "11-11"),  # overdue
    letter("B2", "11-19"),
    letter("S1", "11-11", unit="示例教育局"),  # overdue, the education office's to answer
    letter(HOSTILE, "11-12", unit=HOSTILE, status=f"待办理{HOSTILE}"),  # overdue
    letter("Y1", "2025-11-24"),  # open for a year
    Letter("U1", "", None, answered=False),  # nobody knows when it came
)
MANY = tuple(letter(f"N{n:03}", "2024-11-04", "2024-11-06") for n in range(103))


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Two mailboxes with letters of every kind, as they were seen on 22 November."""
    with pytest.MonkeyPatch.context() as patch:
        home = Home(tmp_path_factory.mktemp("letters"))
        lives = begin(home, patch, "2026-11-22")
        life = next(lives)
        patch.setattr(snapshot, "now", lambda: life.at)
        life.ledger.load_inventory(
            read_toml(REGISTER + MAILBOXES, "synthetic"), life.at - timedelta(hours=20)
        )
        enter_people(life.ledger)
        read(life, "xz", *LETTERS)
        read(life, "jy", letter("C1", "11-10", "11-12"), *MANY)
        life.cycle()
        yield life
        life.ledger.close()


@pytest.fixture(scope="module")
def clerk(life: Life) -> Iterator[Visit]:
    with visiting(life.home, life.ledger, "clerk") as visit:
        yield visit


@pytest.fixture(scope="module")
def viewer(life: Life) -> Iterator[Visit]:
    """Of the education office."""
    with visiting(life.home, life.ledger, "viewer") as visit:
        yield visit


def read(life: Life, mailbox: str, *letters: Letter) -> None:
    """The letters of a mailbox as they are seen now."""
    run = life.ledger.start_run(1, life.at)
    life.ledger.record(run, Sighting(f"mailbox:{mailbox}", life.at, Outcome.OK, letters=letters))


def refs(page: BeautifulSoup) -> list[list[str]]:
    return [[row[0], row[3]] for row in rows_of(page, "table.letters") if len(row) > 1]


def days_of(page: BeautifulSoup) -> dict[str, list[str]]:
    """What the calendar says of each day of which it says anything."""
    told = {}
    for cell in page.select("table.month td"):
        words = [span.get_text() for span in cell.select("span")]
        if words:
            told[str(cell.select_one("time")["datetime"])] = words  # type: ignore[index]
    return told


def squares_of(state: LetterState, as_of: str) -> tuple[dict[str, tuple[str, ...]], list[int]]:
    """The same of a letter judged by the local rule alone, and the months left out."""
    row = letter_of(state, as_of)
    days = letter_days(Clock(mailbox(), RULE, CALENDAR), row.letter, told_until(row, day(as_of)))
    assert days is not None
    months = months_of(days, row, day(as_of))
    squares = [each for month in months for week in month.weeks for each in week]
    told = {str(each.on): each.words for each in squares if each is not None and each.words}
    return told, [month.left_out for month in months]


def path_of(ref: str, mailbox: str = "xz") -> str:
    return f"/mailboxes/{mailbox}/letters/{letter_key(ref)}"


def text_of(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return found.get_text()


# Rates


def test_a_unit_s_rates_are_of_the_letters_received_in_the_year(clerk: Visit) -> None:
    page = clerk.get("/letters")
    assert rows_of(page, "table.rates") == [
        ["示例办公室", "5", "3", "60.00%", "4", "2", "50.00%", "4.3"],
        ["示例教育局", "2", "1", "50.00%", "2", "1", "50.00%", "2.0"],
        ["登记册以外的承办单位", "1", "0", "0.00%", "1", "0", "0.00%", "—"],
    ]
    foot = [cell.get_text() for cell in page.select("table.rates tfoot th, table.rates tfoot td")]
    assert foot == ["合计", "8", "4", "50.00%", "7", "3", "42.86%", "3.8"]
    assert "另有 1 封未标明来信日期，未计入。" in page.get_text()


def test_the_rates_are_those_of_the_quarterly_report(life: Life) -> None:
    judged = judge_day(life.home, life.home.settings(), life.ledger)
    days = read_period("2026Q4")
    found = letters_of(judged, days, judged.bench.letters)
    assert quarter_letters(desk_of(judged, judged.bench.letters), days) == (
        found.rates.tally,
        found.rates.units,
    )


def test_the_period_is_chosen_in_the_address_and_a_wrong_one_is_the_year_with_a_word(
    clerk: Visit,
) -> None:
    before = clerk.get("/letters?period=2025")
    assert rows_of(before, "table.rates") == [
        ["示例办公室", "2", "1", "50.00%", "2", "0", "0.00%", "13.0"]
    ]
    assert text_of(before, "table.rates caption") == "2025-01-01 至 2025-12-31 收到的来信"
    for wrong in ("2027", "2026-13", "0000", "x" * 5000, "%01", "%3Cb%3E", "2026W99"):
        page = clerk.get("/letters?period=" + wrong)
        assert "期间无法识别" in text_of(page, "p.fault")
        assert text_of(page, "table.rates caption") == "2026-01-01 至 2026-12-31 收到的来信"


# The list


def test_open_and_late_letters_come_worst_first(clerk: Visit) -> None:
    assert refs(clerk.get("/letters")) == [
        ["Y1", "逾期未答复"],  # open since last year: it is never out of sight
        ["B1", "逾期未答复"],
        ["S1", "逾期未答复"],
        [HOSTILE, "逾期未答复"],
        ["A2", "逾期答复"],
        ["B2", "待答复"],
        ["U1", "待答复（未标来信日期）"],
    ]


def test_letters_are_chosen_by_state_unit_and_mailbox(clerk: Visit) -> None:
    assert refs(clerk.get("/letters?state=answered_in_time")) == [
        ["A1", "按期答复"],
        ["C1", "按期答复"],
        ["A3", "按期答复"],
    ]
    assert refs(clerk.get("/letters?unit=jyj")) == [["S1", "逾期未答复"]]
    assert refs(clerk.get("/letters?mailbox=jy&state=all")) == [["C1", "按期答复"]]
    nobody = clerk.get("/letters?unit=nobody&mailbox=%27&state=%22")
    assert text_of(nobody, "table.letters tbody").strip() == "没有符合条件的来信。"


def test_fifty_letters_stand_on_a_page(clerk: Visit) -> None:
    for path, chosen in (
        ("/letters", "period=2024&state=answered_in_time"),
        ("/mailboxes/jy", "period=2024&state=answered_in_time"),
    ):
        first, last = clerk.get(f"{path}?{chosen}"), clerk.get(f"{path}?{chosen}&page=3")
        assert len(refs(first)) == 50
        assert len(refs(last)) == (3 if path == "/letters" else 4)
        (after,), (before,) = first.select("a[rel=next]"), last.select("a[rel=prev]")
        assert (after["href"], before["href"]) == (f"?{chosen}&page=2", f"?{chosen}&page=2")
        assert not first.select("a[rel=prev]")
        assert not last.select("a[rel=next]")
    for odd in ("0", "-1", "x", "%C2%B2", "1e9"):
        assert refs(clerk.get(f"/mailboxes/jy?page={odd}"))[0][0] == "C1"


# The calendar


def test_the_days_of_a_deadline_stand_on_a_calendar_with_holiday_and_make_up_day(
    clerk: Visit,
) -> None:
    page = clerk.get(path_of("A2"))
    assert days_of(page) == {
        "2026-09-24": ["收到（当日不计）"],
        "2026-09-25": ["节假日"],
        "2026-09-26": ["节假日"],
        "2026-09-27": ["节假日"],
        "2026-09-28": ["第1个工作日"],
        "2026-09-29": ["第2个工作日"],
        "2026-09-30": ["第3个工作日"],
        **{f"2026-10-0{n}": ["节假日"] for n in range(1, 8)},
        "2026-10-08": ["第4个工作日"],
        "2026-10-09": ["第5个工作日（期限）"],
        "2026-10-10": ["答复", "调休上班", "第6个工作日", "超期"],
    }
    captions = [caption.get_text() for caption in page.select("table.month caption")]
    assert captions == ["2026年9月", "2026年10月"]
    assert [th["scope"] for th in page.select("table.month th")] == ["col"] * 14
    assert rows_of(page, "table.judged")[0][1:4] == ["5个工作日", "2026-10-09", "逾期答复"]


def test_a_letter_tells_what_was_found_of_it(clerk: Visit) -> None:
    (found,) = clerk.get(path_of("B1")).select("section.finding")
    assert "政府信箱来信超过五个工作日未答复或逾期答复（来信 B1）" in found.get_text()
    assert "没有问题记录。" in clerk.get(path_of("A1")).get_text()


def test_days_beyond_the_known_holidays_are_provisional() -> None:
    guessed = "放假安排未公布，暂按平常推算"
    told, _ = squares_of(state("12-29", seen_on="12-31"), "12-31")
    assert told == {
        "2026-12-29": ("收到（当日不计）",),
        "2026-12-30": ("第1个工作日",),
        "2026-12-31": ("判定日", "第2个工作日"),
        "2027-01-01": ("节假日", guessed),
        "2027-01-02": ("周末", guessed),
        "2027-01-03": ("周末", guessed),
        "2027-01-04": ("第3个工作日", guessed),
        "2027-01-05": ("第4个工作日", guessed),
        "2027-01-06": ("第5个工作日（期限，暂定）", guessed),
    }


def test_past_a_provisional_deadline_nobody_is_called_late() -> None:
    told, _ = squares_of(state("12-29", seen_on="2027-01-08"), "2027-01-08")
    assert told["2027-01-07"] == ("第6个工作日", "期限之后", "放假安排未公布，暂按平常推算")


def test_an_extension_is_marked_day_by_day() -> None:
    told, _ = squares_of(state("11-13", extended_to=day("11-25"), extension="x"), "11-22")
    assert told["2026-11-20"] == ("第5个工作日（原期限）",)
    assert told["2026-11-21"] == ("周末", "延期")
    assert told["2026-11-22"] == ("判定日", "周末", "延期")
    assert told["2026-11-24"] == ("第7个工作日（延期）",)
    assert told["2026-11-25"] == ("第8个工作日（延期后的期限）",)
    assert list(told)[-1] == "2026-11-25"


def test_a_letter_that_could_not_be_looked_at_is_not_called_late_on_the_calendar() -> None:
    told, _ = squares_of(state("11-11", seen_on="11-17"), "11-20")
    assert told["2026-11-19"] == ("第6个工作日", "期限之后")


def test_of_a_letter_open_for_a_year_the_months_between_are_left_out(clerk: Visit) -> None:
    told, left_out = squares_of(state("2025-11-24"), "11-22")
    assert left_out == [0, 0, 10]
    assert told["2026-11-20"] == ("第246个工作日", "超期")
    assert "其间 10 个月从略，各日照计。" in clerk.get(path_of("Y1")).get_text()


def test_a_letter_without_a_day_of_receipt_has_no_calendar(clerk: Visit) -> None:
    page = clerk.get(path_of("U1"))
    assert "未标明来信日期，不计算期限。" in page.get_text()
    assert days_of(page) == {}


# Who sees what, and what pages of others may hold


def test_a_viewer_sees_the_letters_of_their_own_unit_alone(clerk: Visit, viewer: Visit) -> None:
    page = viewer.get("/letters?unit=zfb&state=all")
    assert refs(page) == [["S1", "逾期未答复"], ["C1", "按期答复"]]
    assert [row[0] for row in rows_of(page, "table.rates")] == ["示例教育局"]
    assert "示例办公室" not in page.get_text()
    theirs = [path_of("S1"), path_of("C1", "jy"), "/mailboxes/jy"]
    others = [path_of("B1"), path_of("Y1"), "/mailboxes/xz"]
    assert [viewer.status(path) for path in theirs] == [200, 200, 200]
    assert [viewer.status(path) for path in others] == [404, 404, 404]
    assert [clerk.status(path) for path in others] == [200, 200, 200]
    links = {a["href"] for a in page.select("table.letters a")}
    assert links == set(theirs)  # nothing leads to where they may not go


def test_what_is_not_there_is_not_found(clerk: Visit) -> None:
    absent = ("/mailboxes/no", path_of("no"), path_of("B1", "jy"), "/mailboxes/xz/letters/B1")
    assert [clerk.status(path) for path in absent] == [404] * 4


def test_hostile_words_of_a_page_stay_words(clerk: Visit) -> None:
    for path in ("/letters?state=all", "/mailboxes/xz", path_of(HOSTILE)):
        page = clerk.get(path)
        assert HOSTILE in page.get_text()
        assert "alert(1)" not in "".join(script.get_text() for script in page.select("script"))
    assert path_of(HOSTILE) in [a["href"] for a in clerk.get("/letters").select("table a")]


def test_a_mailbox_shows_its_verdict_rates_and_letters_latest_first(clerk: Visit) -> None:
    page = clerk.get("/mailboxes/xz")
    assert text_of(page, "h1") == "示例信箱"
    assert text_of(page, "td.v-overdue") == "超期"
    assert [row[0] for row in rows_of(page, "table.letters")] == [
        *("B2", "A3", HOSTILE, "S1", "B1", "A2", "A1", "Y1", "A4", "U1")
    ]
    assert rows_of(page, "table.rates")[0][:3] == ["示例办公室", "5", "3"]


def test_an_empty_home_has_its_pages(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = home.open_ledger()
    enter_people(ledger)
    with visiting(home, ledger, "clerk") as visit:
        assert "该期间没有收到来信。" in visit.get("/letters").get_text()
        assert "没有符合条件的账号。" in visit.get("/accounts").get_text()
        assert "没有登记网站。" in visit.get("/sites").get_text()
    ledger.close()
