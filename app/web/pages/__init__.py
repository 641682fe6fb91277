"""The pages, one module a page: what is asked, which right it needs, which template shows it."""

from __future__ import annotations

from app.web.pages import (
    accounts,
    assessment,
    assessment_unit,
    audit,
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
    password,
    people,
    proofs,
    reports,
    rules,
    runs,
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
        proofs,
        column,
        letters,
        mailbox,
        accounts,
        sites,
        evidence,
        assessment,
        assessment_unit,
        reports,
        inventory,
        inventory_drafts,
        inventory_rows,
        imports,
        rules,
        deliveries,
        runs,
        audit,
        people,
        password,
    )
)
