"""What the system knows of a site's yearly form, each figure with the source it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checks.account_year import Box, YearLine
from checks.duty_table import Mark
from checks.freshness import is_closed
from notify.annual.counts import BUCKETS, METHODS, of_class
from notify.annual.model import AnnualFigures, AnnualMaterial, LetterYear
from notify.documents.parts import Average
from notify.terms import CLASSES, PLATFORMS
from notify.words import chinese_day

REGISTER = "登记册"
LISTS = "各栏目列表页"


@dataclass(frozen=True, slots=True)
class FormValue:
    """One figure, where it comes from, and whether the system may have seen only part of it.

    `value` None: the system does not know it, and `source` says why.
    """

    value: str | int | Decimal | None
    source: str
    partial: bool = False

    @property
    def number(self) -> int:
        """The value of a count, 0 where it is not known. Raises TypeError for what is no count."""
        if not isinstance(self.value, int | None):
            raise TypeError(f"{self.value!r} is no count")
        return self.value or 0


Values = Mapping[str, FormValue]


@dataclass(frozen=True, slots=True)
class SiteForm:
    """One site's form: values by their names, and those of each account by box."""

    site: str
    name: str
    values: Values
    accounts: Mapping[str, Sequence[Values]]


def site_forms(material: AnnualMaterial, figures: AnnualFigures) -> tuple[SiteForm, ...]:
    """The form of every registered site, in the order of the register."""
    return tuple(_site_form(material, figures, site) for site in material.day.register["site"])


def _site_form(
    material: AnnualMaterial, figures: AnnualFigures, site: Mapping[str, Any]
) -> SiteForm:
    last = material.period.last
    own = [
        line
        for line in material.accounts
        if line.account.unit == site["unit"] and not is_closed(line.account, last)
    ]
    values = {
        **_about(material, site),
        **_items(material, figures, site["id"]),
        **_columns(material, site["id"]),
        **_letters(figures, site["id"]),
        **_media(own),
    }
    accounts: dict[str, Sequence[Values]] = {
        box: [_account(line) for line in own if line.box is box] for box in (Box.WEIBO, Box.WECHAT)
    }
    return SiteForm(site["id"], site["name"], values, accounts)


def _about(material: AnnualMaterial, site: Mapping[str, Any]) -> dict[str, FormValue]:
    units = {row["id"]: row for row in material.day.register["unit"]}
    kind = "部门网站" if units[site["unit"]]["kind"] == "department" else None
    told: dict[str, str | None] = {
        "unit": units[site["unit"]]["name"],
        "site_name": site["name"],
        "home": site["home"],
        "kind": "政府门户网站" if site["portal"] else kind,
        "code": site["code"],
    }
    values = {
        name: FormValue(value, REGISTER if value is not None else "登记册未填")
        for name, value in told.items()
    }
    for name in (Mark.ICP, Mark.POLICE):
        words = material.marks.get((site["id"], name))
        source = "系统读取自网站页脚，请核对" if words else "网站页脚未能读到"
        values[name] = FormValue(words, source)
    return values


def _items(material: AnnualMaterial, figures: AnnualFigures, site: str) -> dict[str, FormValue]:
    """The parts are those of the report's own table; the total is added up apart from them."""
    columns = [line for line in material.columns if line.items.column.site == site]
    counted = [line.number for line in columns if line.items.column.counts]
    values = {"items": _summed(counted, f"{LISTS}，按栏目")}
    for bucket in BUCKETS:
        own = [line for line in figures.counts if (line.site, line.bucket) == (site, bucket)]
        ways = [way for way in METHODS.values() if any(line.method == way for line in own)]
        values[bucket] = _summed([line.number for line in own], f"{LISTS}，{'、'.join(ways)}")
    return values


def _summed(numbers: Sequence[int], source: str) -> FormValue:
    """Without a column to count by nothing is known, which is not zero."""
    if not numbers:
        return FormValue(None, "登记册内没有此年报分类的栏目")
    return FormValue(sum(numbers), source, True)


def _columns(material: AnnualMaterial, site: str) -> dict[str, FormValue]:
    values = {}
    for name, word in (
        ("interpretations", "interpretation"),
        ("surveys", "survey"),
        ("interviews", "interview"),
    ):
        number, kind = of_class(material, word, site), f"{CLASSES[word]}类栏目"
        known = number is not None
        source = f"{kind}发布的信息条数" if known else f"登记册内没有{kind}"
        values[name] = FormValue(number, source, True)
    specials = _specials(material.day.register, site)
    before = material.before
    fresh = len(specials - _specials(before, site)) if before is not None else None
    source = "登记册内年内新增的专题专栏" if before is not None else "上年末尚无登记册"
    if not specials:
        none = FormValue(None, "登记册内没有专题专栏")
        return values | {"specials": none, "new_specials": none}
    return values | {
        "specials": FormValue(len(specials), "登记册内的专题专栏", True),
        "new_specials": FormValue(fresh, source, True),
    }


def _specials(register: Mapping[str, Sequence[Mapping[str, Any]]], site: str) -> set[str]:
    return {
        row["id"]
        for row in register["column"]
        if row["site"] == site and row["class"] == "special" and row["redirect_to"] is None
    }


def _letters(figures: AnnualFigures, site: str) -> dict[str, FormValue]:
    own = [line for line in figures.letter_lines if line.site == site]
    if not own:
        return {}
    settled = sum(line.answered + line.carried for line in own)
    source = _origin(own)
    mean = _mean([line.spent for line in own])
    return {
        "received": FormValue(sum(line.received for line in own), source, True),
        "settled": FormValue(settled, f"{source}，含上年来信本年办结", True),
        "average_days": FormValue(
            mean, "据公开日期估算" if mean is not None else "没有可估算的来信", True
        ),
        "public_answers": FormValue(sum(line.public for line in own), "信箱公开页面", True),
    }


def _origin(lines: Sequence[LetterYear]) -> str:
    by_page = sum(line.by_page for line in lines)
    by_export = sum(line.by_export for line in lines)
    if not by_export:
        return "信箱公开页面"
    return f"信箱公开页面{by_page}封、后台导出{by_export}封" if by_page else "后台导出"


def _mean(parts: Sequence[Average]) -> Decimal | None:
    whole = Average(sum(each.total for each in parts), sum(each.count for each in parts))
    return Decimal(str(whole)) if whole.count else None


def _media(lines: Sequence[YearLine]) -> dict[str, FormValue]:
    source = "登记册内主办单位与本网站相同的账号"
    other = [
        f"{line.account.name}（{PLATFORMS.get(line.account.platform or '', '其他')}）"
        for line in lines
        if line.box is Box.OTHER
    ]
    none = "登记册内没有主办单位与本网站相同的账号"
    return {
        "has_media": FormValue("有" if lines else None, source if lines else none),
        "other_media": FormValue("、".join(other) or None, source if other else ""),
    }


def _account(line: YearLine) -> dict[str, FormValue]:
    found, followers = line.measure, line.followers
    on = f"{chinese_day(followers.on)}的读数" if followers else ""
    posts = "账号发布记录" + ("" if found.complete else f"，仅掌握{found.days_known}天")
    posts = posts if found.known else "未能掌握账号发布情况"
    return {
        "account_name": FormValue(line.account.name, REGISTER),
        "account_posts": FormValue(found.posts, posts, not found.complete),
        "account_followers": FormValue(followers.followers if followers else None, on),
    }
