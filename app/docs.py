"""The rule tables of the documentation, written from the packs: `make docs`."""

from __future__ import annotations

from pathlib import Path

from checks.calendar import load_calendar
from checks.indicators import Indicator
from checks.rules import BUNDLED, Law, Rule, pack_texts, read_law

HEAD = """\
# Rules

Written from `checks/packs/*.toml` by `make docs`; edit the packs, not this file. A limit's last
day is still good. Confidence: A two or more public sources, B one, C recollection, X our own.
"""


def rules_markdown() -> str:
    """A table for each bundled pack that has rules, and one of its indicators, if any."""
    names = sorted(path.stem for path in BUNDLED.glob("*.toml"))
    law: Law = read_law(pack_texts(names), load_calendar())
    parts = [HEAD]
    for pack in (pack for pack in law.packs if pack.rules):
        parts.append(f"\n## {pack.name} {pack.version}: {pack.title}\n")
        parts.append(
            "| id | subject | classes | limit | warning | severity | confidence | clause |"
        )
        parts.append("|---|---|---|---|---|---|---|---|")
        parts += [_row(rule) for rule in pack.rules]
        if pack.indicators:
            parts.append(
                "\n| indicator | part | name | counts | limit | points | confidence | clause |"
            )
            parts.append("|---|---|---|---|---|---|---|---|")
            parts += [_indicator_row(row) for row in pack.indicators]
    return "\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    levels = f" (level {', '.join(map(str, rule.levels))})" if rule.levels else ""
    cells = (
        f"`{rule.id}`",
        rule.subject,
        (" ".join(rule.classes) or "all") + levels,
        str(rule.limit),
        str(rule.warn or "none"),
        rule.severity,
        _sure(rule.confidence, rule.verified),
        rule.clause,
    )
    return f"| {' | '.join(cells)} |"


def _indicator_row(row: Indicator) -> str:
    counted = " ".join((*row.rules, *row.verdicts)) or "visits"
    bound = f"{row.share}, of {row.least} visits or more" if row.share else str(row.limit or "")
    cells = (
        f"`{row.id}`",
        row.part,
        row.name,
        f"{row.subject}: {'a person' if row.counts == 'hand' else counted}",
        bound,
        "" if row.points is None else f"{row.points}, at most {row.cap}",
        _sure(row.confidence, row.verified),
        row.clause,
    )
    return f"| {' | '.join(cells)} |"


def _sure(confidence: str, verified: bool) -> str:
    return confidence if verified else f"{confidence}, not verified"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "rules.md").write_text(
        rules_markdown(), encoding="utf-8"
    )
