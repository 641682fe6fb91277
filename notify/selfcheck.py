"""Do the numbers of a report add up? Sums, rates and changes, each with both sides as printed.

Published notices are often wrong here (DOMAIN: 94.3 % where 126 of 134 are 94.0 %). So every
report compares its own numbers before a byte is written, and shows the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from notify.documents.parts import Rate, Table, heads


class ReportError(ValueError):
    """A report that must not be released: what does not fit, by name and numbers."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what was compared, both sides as printed, and whether they agree."""

    name: str
    left: str
    right: str
    holds: bool


def same(name: str, left: int | Rate, right: int | Rate) -> Check:
    return Check(name, _printed(left), _printed(right), left == right)


def sums(name: str, parts: Iterable[int], total: int) -> Check:
    """Do the parts make the total?"""
    return same(name, sum(parts), total)


def rated(name: str, part: int, whole: int, printed: str) -> Check:
    """Is `printed`, such as 66.67%, what `part` of `whole` makes, to as many decimals?"""
    places = len(printed.removesuffix("%").partition(".")[2])
    right = Rate(part, whole).percent(places)
    return Check(name, printed, right, printed == right)


def changed(name: str, now: str, before: str, printed: Decimal) -> Check:
    """Is `printed` the difference of two printed percentages, in percentage points?

    Readers subtract what they see, so the printed rates count, not the exact ones.
    """
    right = Decimal(now.removesuffix("%")) - Decimal(before.removesuffix("%"))
    return Check(name, f"{printed:+}", f"{right:+}", printed == right)


def released(checks: tuple[Check, ...], report: str) -> tuple[Check, ...]:
    """The checks, all of which hold. Raises ReportError naming every one that does not."""
    failed = [f"{c.name}：{c.left} ≠ {c.right}" for c in checks if not c.holds]
    if failed:
        raise ReportError(f"数据核对未通过，{report}未生成：" + "；".join(failed))
    return checks


def checks_table(checks: Sequence[Check]) -> Table:
    """The comparisons as the last table of a report."""
    return Table(
        name="数据核对",
        heads=heads(("核对项", 88, True), ("左侧", 26), ("右侧", 26), ("结果", 16)),
        rows=tuple((c.name, c.left, c.right, "相符" if c.holds else "不符") for c in checks),
        empty="没有核对项。",
    )


def _printed(value: int | Rate) -> str:
    return f"{value.part}/{value.whole}" if isinstance(value, Rate) else str(value)
