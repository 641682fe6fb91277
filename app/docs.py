"""The rule tables of the documentation, written from the packs: `make docs`."""

from __future__ import annotations

from pathlib import Path

from checks.calendar import load_calendar
from checks.rules import BUNDLED, Law, Rule, pack_texts, read_law

HEAD = """\
# Rules

Written from `checks/packs/*.toml` by `make docs`; edit the packs, not this file. A limit's last
day is still good. Confidence: A two or more public sources, B one, C recollection, X our own.
"""


def rules_markdown() -> str:
    """One table a bundled pack, every row of it."""
    names = sorted(path.stem for path in BUNDLED.glob("*.toml"))
    law: Law = read_law(pack_texts(names), load_calendar())
    parts = [HEAD]
    for pack in law.packs:
        parts.append(f"\n## {pack.name} {pack.version}: {pack.title}\n")
        parts.append(
            "| id | subject | classes | limit | warning | severity | confidence | clause |"
        )
        parts.append("|---|---|---|---|---|---|---|---|")
        parts += [_row(rule) for rule in pack.rules]
    return "\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    sure = rule.confidence if rule.verified else f"{rule.confidence}, not verified"
    cells = (
        f"`{rule.id}`",
        rule.subject,
        " ".join(rule.classes) or "all",
        str(rule.limit),
        str(rule.warn or "none"),
        rule.severity,
        sure,
        rule.clause,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "rules.md").write_text(
        rules_markdown(), encoding="utf-8"
    )
