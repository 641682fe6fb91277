"""Figures that authorities published (DOMAIN 10.4), put through the checks of our own reports.

The consistent ones hold. Of the others both figures are named: the printed and the right one.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from notify.selfcheck import Check, ReportError, changed, rated, released, same, sums

RATES = {
    "毕节2024年第三季度合格率": (12 - 4, 12, "66.67%"),
    "某市2019年第三季度账号合格率": (314 - 55, 314, "82.48%"),
    "苏州2023年第一季度抽查率": (381, 634, "60.1%"),
    "贵州2025年第二季度今日头条合格率": (53 - 16, 53, "69.81%"),
    "宝鸡2020年第四季度问题一占比": (5, 18, "27.78%"),
    "宝鸡2020年第四季度问题二占比": (8, 18, "44.44%"),
    "宝鸡2020年第四季度问题三占比": (2, 18, "11.11%"),
    "宝鸡2020年第四季度问题四占比": (3, 18, "16.67%"),
    "宝鸡2024年第三季度合格率": (120 - 4, 120, "96.67%"),
    "商丘2020年第四季度合格率": (149 - 29, 149, "80.5%"),
    "海南2023年第三季度网站合格率": (122 - 4, 122, "96.7%"),
    "海南2023年第三季度账号抽查率": (173, 1061, "16.3%"),
    "海南2023年第三季度账号合格率": (173 - 13, 173, "92.5%"),
    "甘肃2021年第二季度账号抽查率": (591, 4935, "12%"),
    "甘肃2021年第二季度账号合格率": (591 - 25, 591, "95.77%"),
    "某月信箱答复率": (3055, 3059, "99.87%"),
}
SUMS = {
    "某市2019年第三季度各平台": ((218, 67, 3, 1, 2, 2, 6, 13, 2), 314),
    "某市2020年第二季度各平台": ((182, 56, 2, 1, 1, 4, 8, 1), 255),
    "苏州2023年第一季度各类主办单位": ((109, 525), 634),
    "苏州2023年第一季度各平台": ((511, 53, 14, 34, 22), 634),
    "宝鸡2020年第四季度各类主办单位": ((22, 65, 243), 330),
    "宝鸡2020年第四季度不合格各问题": ((5, 8, 2, 3), 18),
    "国办2020年账号": ((417, 311), 728),
    "某月信箱各渠道": ((1904, 1155), 3059),
    "某月信箱各类别": ((1160, 1859, 40), 3059),
    "某月信箱答复与未答复": ((3055, 4), 3059),
}


@pytest.mark.parametrize("case", RATES)
def test_a_published_rate_that_is_right_holds(case: str) -> None:
    part, whole, printed = RATES[case]
    assert rated(case, part, whole, printed) == Check(case, printed, printed, holds=True)


@pytest.mark.parametrize("case", SUMS)
def test_published_parts_that_make_their_total_hold(case: str) -> None:
    parts, total = SUMS[case]
    assert sums(case, parts, total).holds


def test_the_change_is_the_difference_of_the_printed_rates() -> None:
    """毕节: 8 of 12 after 7 of 12 are 8.33 points more, and 8.34 as anyone subtracts them."""
    assert rated("上季度合格率", 7, 12, "58.33%").holds
    assert changed("合格率变化", "66.67%", "58.33%", Decimal("8.34")).holds
    wrong = changed("合格率变化", "66.67%", "58.33%", Decimal("8.33"))
    assert wrong == Check("合格率变化", "+8.33", "+8.34", holds=False)


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (rated("青海2020年第三季度合格率", 134 - 8, 134, "94.3%"), "94.3% ≠ 94.0%"),
        # 黄埔 2019: the parts are more than the total by 1000.
        (sums("黄埔2019年信息发布", (8362,), 7362), "8362 ≠ 7362"),
        (same("2020年度报告申请办理", 266 + 10, 120 + 57 + 61 + 8), "276 ≠ 246"),
    ],
)
def test_published_figures_that_do_not_agree_are_refused_with_both(check: Check, told: str) -> None:
    right = sums("各部分", (1, 2), 3)
    with pytest.raises(ReportError) as refused:
        released((right, check), "季度通报")
    assert str(refused.value) == f"数据核对未通过，季度通报未生成：{check.name}：{told}"


def test_a_rate_of_nothing_is_no_rate() -> None:
    assert rated("合格率", 0, 0, "—").holds
    assert not rated("合格率", 0, 0, "100.00%").holds
