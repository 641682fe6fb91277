"""The annexes of the quarterly notice, as tables. Only what a person has confirmed is named."""

from __future__ import annotations

from notify.documents.parts import Table
from notify.quarterly.model import QuarterlyFigures
from notify.quarterly.tables import reviews, subjects


def annexes(figures: QuarterlyFigures, checks: int) -> tuple[tuple[Table, ...], ...]:
    """The tables of the five annexes; `checks` is how many comparisons were made, all of them
    holding.
    """
    return (
        (
            subjects.coverage(figures),
            subjects.failed_sites(figures),
            subjects.near(figures),
            subjects.of_sites(figures),
        ),
        (
            subjects.group_table("各平台情况", "平台", figures.platforms),
            subjects.group_table("各类主办单位情况", "主办单位类别", figures.owners),
            subjects.failed_accounts(figures),
            subjects.of_accounts(figures),
        ),
        (reviews.letters(figures), reviews.of_mailboxes(figures)),
        (reviews.retested(figures),),
        (reviews.sheet(figures, checks), reviews.signatures()),
    )
