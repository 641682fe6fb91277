"""A year's items, counted as the annual report counts them. All rows are synthetic."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from checks.counting import CountedColumn, Shown, YearItems, count_year
from checks.counting_key import article_key, folder_key
from checks.counting_total import (
    Basis,
    ColumnYear,
    Method,
    Snapshot,
    Totals,
    bucket_sum,
    column_year,
)
from checks.periods import Days

YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))
UUID = "7a1b2c3d-0001-4e5f-8a9b-0123456789ab"
HOST = "https://www.example.cn"
MAY, JUNE = date(2026, 5, 6), date(2026, 6, 1)
_numbers = count(1)


def column(row: str, bucket: str = "disclosure", word: str = "policy_doc") -> CountedColumn:
    url = f"{HOST}/ha/{row}/{row}.html"
    return CountedColumn(f"column:{row}", row, "zfb", "portal", url, word, bucket)


def row(
    of: str,
    url: str | None,
    on: date | None = MAY,
    title: str = "通知",
    seen: date | None = None,
    look: int | None = None,
) -> Shown:
    number = next(_numbers)
    return Shown(number, f"column:{of}", title, url, on, seen or on or MAY, look or number)


def counted(rows: list[Shown], *columns: CountedColumn) -> YearItems:
    return count_year(rows, columns or (column("wj"), column("gs")), YEAR)


def home(items: YearItems) -> dict[str, int]:
    return {line.column.name: line.home for line in items.columns}


# One article, one count


def test_an_article_in_two_columns_counts_once_in_the_column_under_which_it_lies() -> None:
    url = f"{HOST}/ha/wj/content/{UUID}.html"
    items = counted([row("gs", url), row("wj", url)])
    assert home(items) == {"wj": 1, "gs": 0}
    assert [line.elsewhere for line in items.columns] == [0, 1]
    assert items.several == 1


def test_of_columns_within_each_other_the_closest_is_home() -> None:
    outer = CountedColumn("column:o", "o", "u", "s", f"{HOST}/zw/", "news", "news")
    inner = CountedColumn("column:i", "i", "u", "s", f"{HOST}/zw/bm/index.html", "news", "news")
    url = f"{HOST}/zw/bm/1.html"
    rows = [row("o", url), row("i", url)]
    assert home(counted(rows, outer, inner)) == {"o": 0, "i": 1}


def test_where_the_address_does_not_say_the_first_that_showed_it_is_home() -> None:
    url = f"{HOST}/art/2026/5/6/art_1.html"
    assert home(counted([row("gs", url), row("wj", url)])) == {"wj": 0, "gs": 1}


def test_where_the_address_does_not_say_a_column_that_counts_goes_before_one_that_does_not() -> (
    None
):
    url = f"{HOST}/art/2026/5/6/art_1.html"
    items = counted([row("zt", url), row("wj", url)], column("zt", "none"), column("wj"))
    assert home(items) == {"zt": 0, "wj": 1}
    assert items.hidden == 0


def test_two_addresses_of_one_number_are_one_article() -> None:
    one = f"http://www.example.cn/ha/wj/content/{UUID}.html"
    other = f"https://zfb.example.cn:8443/zfb/gs/content/{UUID.upper()}.htm?from=list"
    assert home(counted([row("wj", one), row("gs", other)])) == {"wj": 1, "gs": 0}


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.cn/zw/1.html",
        "https://www.example.cn:443/zw/1.html",
        "https://example.cn/zw/1.html",
        "HTTPS://WWW.Example.CN/zw/1.html",
        "https://www.example.cn/zw/1.html#top",
        "https://www.example.cn/zw/1.html?utm_source=wx&spm=1.2&from=timeline",
        "https://www.example.cn/zw/1.html;jsessionid=AB12",
    ],
)
def test_what_does_not_name_the_article_is_ignored(other: str) -> None:
    assert article_key(other) == article_key("https://www.example.cn/zw/1.html")


@pytest.mark.parametrize(
    "other",
    [
        "https://www.example.cn/zw/1.html?id=2",
        "https://www.example.cn/zw/2.html",
        "https://www.example.cn/ZW/1.html",
        "https://www.example.cn:8080/zw/1.html",
        "https://zfb.example.cn/zw/1.html",
        "https://www.example.cn/zw/1.html#/detail/2",
        "https://www.example.cn/zw/1.html#id=2",
    ],
)
def test_what_may_name_another_article_is_kept(other: str) -> None:
    assert article_key(other) != article_key("https://www.example.cn/zw/1.html")


def test_an_index_file_is_its_folder() -> None:
    assert article_key(f"{HOST}/zw/1/index.html") == article_key(f"{HOST}/zw/1/")
    assert article_key(f"{HOST}/zw/1/index.html") != article_key(f"{HOST}/zw/1")


def test_the_order_of_a_query_names_nothing() -> None:
    assert article_key(f"{HOST}/v.jsp?a=1&b=2") == article_key(f"{HOST}/v.jsp?b=2&a=1")


@pytest.mark.parametrize("url", [None, "", "javascript:void(0)", "/zw/1.html", "http://[::1"])
def test_what_is_no_address_has_no_key(url: str | None) -> None:
    assert article_key(url) is None


def test_the_number_of_a_column_in_a_query_is_no_article() -> None:
    one, other = (f"{HOST}/list.html?columnId={UUID}&n={n}" for n in (1, 2))
    assert article_key(one) != article_key(other)


def test_a_list_at_the_root_of_a_host_holds_no_address_more_closely_than_others() -> None:
    assert folder_key(f"{HOST}/list.jsp?id=3") is None
    assert folder_key(f"{HOST}/ha/wj/wj.html") == "example.cn/ha/wj/"


# Dates


def test_31_december_and_1_january_are_two_years() -> None:
    rows = [
        row("wj", f"{HOST}/ha/wj/1.html", date(2025, 12, 31)),
        row("wj", f"{HOST}/ha/wj/2.html", date(2026, 1, 1)),
        row("wj", f"{HOST}/ha/wj/3.html", date(2026, 12, 31)),
        row("wj", f"{HOST}/ha/wj/4.html", date(2027, 1, 1)),
    ]
    assert home(counted(rows))["wj"] == 2


def test_an_article_dated_anew_counts_in_the_year_of_its_last_date() -> None:
    url = f"{HOST}/ha/wj/1.html"
    rows = [row("wj", url, date(2025, 12, 31)), row("wj", url, date(2026, 1, 5))]
    items = counted(rows)
    assert (home(items)["wj"], items.redated) == (1, 1)
    assert home(count_year(rows, [column("wj")], Days(date(2025, 1, 1), date(2025, 12, 31)))) == {
        "wj": 0
    }


def test_the_home_column_says_the_date() -> None:
    url = f"{HOST}/ha/wj/content/{UUID}.html"
    rows = [row("wj", url, date(2025, 12, 31)), row("gs", url, date(2026, 1, 2))]
    assert home(counted(rows)) == {"wj": 0, "gs": 0}


def test_a_day_later_than_the_one_on_which_it_was_first_seen_never_counts() -> None:
    items = counted([row("wj", f"{HOST}/ha/wj/1.html", JUNE, seen=MAY)])
    (line, _) = items.columns
    assert (line.home, line.misdated, line.undated) == (0, 1, 0)


def test_a_wrong_day_after_a_right_one_leaves_the_right_one() -> None:
    url = f"{HOST}/ha/wj/1.html"
    rows = [row("wj", url, MAY), row("wj", url, date(2062, 5, 6), seen=JUNE)]
    assert home(counted(rows))["wj"] == 1


def test_an_item_without_a_day_counts_in_no_year_and_is_told() -> None:
    items = counted([row("wj", f"{HOST}/ha/wj/1.html", None)])
    assert (items.columns[0].home, items.columns[0].undated) == (0, 1)


def test_an_item_without_a_day_first_seen_in_another_year_is_told_there() -> None:
    items = counted([row("wj", f"{HOST}/ha/wj/1.html", None, seen=date(2025, 3, 1))])
    assert items.columns[0].undated == 0


def test_an_item_that_got_its_day_later_counts_once() -> None:
    url = f"{HOST}/ha/wj/1.html"
    items = counted([row("wj", url, None), row("wj", url, MAY)])
    assert (items.columns[0].home, items.columns[0].undated) == (1, 0)


# Without an address of its own


def test_items_without_an_address_count_by_title_and_day_within_their_column() -> None:
    rows = [
        row("wj", None, MAY, "甲"),
        row("wj", None, MAY, "甲"),
        row("wj", None, JUNE, "甲"),
        row("wj", None, MAY, "乙"),
        row("gs", None, MAY, "甲"),
    ]
    assert home(counted(rows)) == {"wj": 3, "gs": 1}


def test_rows_that_lead_to_the_list_itself_are_not_one_article() -> None:
    url = f"{HOST}/ha/wj/wj.html"
    assert home(counted([row("wj", url, MAY, "甲"), row("wj", url, MAY, "乙")]))["wj"] == 2


def test_an_address_that_one_look_shows_under_several_titles_names_no_article() -> None:
    url = f"{HOST}/ha/detail.html"
    of_two_days = [row("wj", url, MAY, "甲", look=1), row("wj", url, JUNE, "乙", look=1)]
    assert home(counted(of_two_days))["wj"] == 2
    of_one_day = [row("wj", url, MAY, title, look=1) for title in "甲乙丙"]
    assert home(counted(of_one_day))["wj"] == 3


def test_a_headline_that_stands_above_its_list_in_other_words_is_the_same_article() -> None:
    url = f"{HOST}/ha/wj/1.html"
    rows = [row("wj", url, MAY, "关于…", look=1), row("wj", url, MAY, "关于通知", look=1)]
    assert home(counted(rows))["wj"] == 1


def test_an_address_used_again_for_another_title_and_day_is_another_article() -> None:
    url = f"{HOST}/ha/wj/latest.html"
    rows = [row("wj", url, MAY, "5月数据"), row("wj", url, JUNE, "6月数据")]
    assert home(counted(rows))["wj"] == 2


def test_a_title_put_right_is_the_same_article() -> None:
    url = f"{HOST}/ha/wj/1.html"
    assert home(counted([row("wj", url, MAY, "通之"), row("wj", url, MAY, "通知")]))["wj"] == 1


# Columns


def test_a_column_without_a_bucket_counts_nowhere_and_is_told() -> None:
    url = f"{HOST}/ha/zt/1.html"
    items = counted([row("zt", url), row("wj", url)], column("zt", "none"), column("wj"))
    assert home(items) == {"zt": 1, "wj": 0}
    assert (items.hidden, items.keys) == (1, frozenset())
    assert bucket_sum([column_year(x, Totals(), YEAR) for x in items.columns], "disclosure") == 0


def test_rows_of_a_column_that_is_an_entry_count_nothing() -> None:
    url = f"{HOST}/ha/wj/1.html"
    assert home(counted([row("entry", url), row("wj", url)])) == {"wj": 1, "gs": 0}


def test_an_interpretation_shown_in_two_columns_of_its_class_counts_once() -> None:
    url = f"{HOST}/art/1.html"
    columns = (column("a", word="interpretation"), column("b", word="interpretation"))
    items = counted([row("a", url), row("b", url)], *columns)
    assert items.by_class == {"interpretation": 1}
    assert items.by_site == {("portal", "interpretation"): 1}


# The growth of a list


def year_of(
    seen: int, before: Snapshot | None, after: Snapshot | None, bucket: str = "disclosure"
) -> ColumnYear:
    rows = [row("ml", f"{HOST}/ha/ml/{n}.html") for n in range(seen)]
    (items,) = counted(rows, column("ml", bucket)).columns
    return column_year(items, Totals(before, after), YEAR)


def on_eve(total: int) -> Snapshot:
    return Snapshot(date(2025, 12, 31), total)


def at_end(total: int) -> Snapshot:
    return Snapshot(date(2026, 12, 31), total)


def test_a_list_that_grew_by_more_than_was_seen_counts_by_its_growth() -> None:
    line = year_of(100, on_eve(5000), at_end(5300))
    assert (line.method, line.number, line.basis) == (Method.TOTAL, 300, Basis.READY)
    assert line.differs


def test_a_list_that_grew_by_less_than_was_seen_counts_what_was_seen() -> None:
    line = year_of(100, on_eve(5000), at_end(5050))
    assert (line.method, line.number, line.differs) == (Method.SEEN, 100, True)


def test_both_ways_are_told_beyond_1_percent_and_not_at_1_percent() -> None:
    assert not year_of(100, on_eve(5000), at_end(5101)).differs
    assert year_of(100, on_eve(5000), at_end(5102)).differs
    assert not year_of(100, on_eve(5000), at_end(5099)).differs
    assert year_of(100, on_eve(5000), at_end(5098)).differs


def test_a_list_that_was_cut_down_is_told_and_never_used() -> None:
    line = year_of(100, on_eve(5000), at_end(4000))
    assert (line.method, line.number, line.basis) == (Method.SEEN, 100, Basis.NEGATIVE)
    assert line.totals.growth == -1000


def test_without_a_total_of_the_year_before_there_is_no_growth() -> None:
    line = year_of(100, None, at_end(5300))
    assert (line.method, line.number, line.basis) == (Method.SEEN, 100, Basis.NO_EARLIER)


def test_a_total_far_from_the_edge_of_the_year_says_nothing_of_it() -> None:
    near, far = Snapshot(date(2025, 12, 1), 5000), Snapshot(date(2025, 11, 30), 5000)
    assert year_of(100, near, at_end(5300)).method is Method.TOTAL
    assert year_of(100, far, at_end(5300)).basis is Basis.FAR
    assert year_of(100, on_eve(5000), Snapshot(date(2026, 11, 29), 5300)).basis is Basis.FAR


def test_only_the_disclosure_catalogue_counts_by_growth() -> None:
    line = year_of(100, on_eve(5000), at_end(5300), "news")
    assert (line.method, line.number, line.basis) == (Method.SEEN, 100, Basis.NOT_ASKED)


def test_growth_leaves_out_what_is_seen_to_be_another_columns() -> None:
    """The list grew by 300; of 100 seen rows 40 are another column's own and count there."""
    rows = [row("ml", f"{HOST}/ha/ml/{n}.html") for n in range(60)]
    rows += [row(of, f"{HOST}/ha/wj/{n}.html") for n in range(40) for of in ("ml", "wj")]
    items = counted(rows, column("ml"), column("wj"))
    lines = [
        column_year(items.columns[0], Totals(on_eve(5000), at_end(5300)), YEAR),
        column_year(items.columns[1], Totals(), YEAR),
    ]
    assert [line.number for line in lines] == [260, 40]
    assert bucket_sum(lines, "disclosure") == 300
