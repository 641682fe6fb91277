"""The rule tables of the documentation, written from the packs: `make docs`."""

from __future__ import annotations

from pathlib import Path

from checks.calendar import load_calendar
from checks.duty_table import Duty
from checks.indicators import Indicator, Scale
from checks.rules import BUNDLED, Law, Pack, Rule, pack_texts, read_law

HEAD = """\
# Rules

Written from `checks/packs/*.toml` by `make docs`; edit the packs, not this file. A limit's last
day is still good. Confidence: A two or more public sources, B one, C recollection, X our own.
"""


RULES = ("id", "subject", "classes", "limit", "warning", "severity", "confidence", "clause")
DUTIES = (
    *("duty", "of", "classes or pages", "asks", "look not older than", "severity", "confidence"),
    *("what is said", "clause"),
)
INDICATORS = (
    *("indicator", "part", "name", "counts", "limit", "warning", "points", "confidence"),
    "clause",
)


def rules_markdown() -> str:
    """The tables of each bundled pack that has rules: limits, duties, indicators, scoring."""
    names = sorted(path.stem for path in BUNDLED.glob("*.toml"))
    law: Law = read_law(pack_texts(names), load_calendar())
    parts = [HEAD]
    for pack in (pack for pack in law.packs if pack.rules):
        parts.append(f"\n## {pack.name} {pack.version}: {pack.title}\n")
        parts.append("\n\n".join(_tables(pack)))
    return "\n".join(parts) + "\n"


def _tables(pack: Pack) -> list[str]:
    tables = [_table(RULES, [_row(rule) for rule in pack.rules])]
    if pack.duties:
        tables.append(_table(DUTIES, [_duty_row(duty) for duty in pack.duties]))
    if pack.indicators:
        tables.append(_table(INDICATORS, [_indicator_row(row) for row in pack.indicators]))
    if pack.scale is not None:
        tables.append(_table(("scoring", "points"), _scale_rows(pack.scale)))
        sure = _sure(pack.scale.confidence, pack.scale.verified)
        tables.append(f"Scoring: {pack.scale.clause} ({sure}).")
    return tables


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _row(rule: Rule) -> tuple[str, ...]:
    levels = f" (level {', '.join(map(str, rule.levels))})" if rule.levels else ""
    portal = " (portals)" if rule.portal else ""
    named = f" (named {', '.join(rule.named)})" if rule.named else ""
    return (
        f"`{rule.id}`",
        rule.subject,
        (" ".join(rule.classes) or "all") + levels + named + portal,
        str(rule.limit),
        str(rule.warn or "none"),
        rule.severity,
        _sure(rule.confidence, rule.verified),
        rule.clause,
    )


def _duty_row(duty: Duty) -> tuple[str, ...]:
    numbers = ", ".join(f"{name} {value}" for name, value in duty.numbers.items())
    asks = " ".join(part for part in (duty.about, duty.name, numbers) if part)
    due = f", due {duty.due[0]:02d}-{duty.due[1]:02d}" if duty.due else ""
    return (
        f"`{duty.id}`",
        duty.subject,
        " ".join((*duty.classes, *duty.pages)) or "all",
        asks + due,
        str(duty.within),
        duty.severity,
        _sure(duty.confidence, duty.verified),
        duty.headline,
        duty.clause,
    )


def _indicator_row(row: Indicator) -> tuple[str, ...]:
    counted = " ".join((*row.rules, *row.verdicts)) or "visits"
    part = " (a person looks at the rest)" if row.partial else ""
    bound = f"{row.share}, of {row.least} visits or more" if row.share else str(row.limit or "")
    return (
        f"`{row.id}`",
        row.part,
        row.name,
        f"{row.subject}: {'a person' if row.counts == 'hand' else counted}{part}",
        bound,
        "" if row.warn is None else str(row.warn),
        "" if row.points is None else f"{row.points}, at most {row.cap}",
        _sure(row.confidence, row.verified),
        row.clause,
    )


def _scale_rows(scale: Scale) -> list[tuple[str, ...]]:
    return [
        ("full", str(scale.full)),
        ("below this it fails", str(scale.pass_mark)),
        ("above this the bonus counts", str(scale.bonus_above)),
        ("bonus at most", str(scale.bonus_most)),
        (f"{scale.services_section}, left out and scaled up without services", str(scale.services)),
    ]


def _sure(confidence: str, verified: bool) -> str:
    return confidence if verified else f"{confidence}, not verified"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "rules.md").write_text(
        rules_markdown(), encoding="utf-8"
    )
