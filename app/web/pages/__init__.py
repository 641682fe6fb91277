"""The pages, one module a page: what is asked, which right it needs, which template shows it."""

from __future__ import annotations

from app.web.pages import (
    accounts,
    column,
    deliveries,
    evidence,
    imports,
    inventory,
    inventory_drafts,
    inventory_rows,
    letters,
    mailbox,
    morning,
    reports,
    rules,
    sites,
    steps,
    work,
)

ROUTERS = tuple(
    each.router
    for each in (
        morning,
        work,
        steps,
        column,
        letters,
        mailbox,
        accounts,
        sites,
        evidence,
        reports,
        inventory,
        inventory_drafts,
        inventory_rows,
        imports,
        rules,
        deliveries,
    )
)
