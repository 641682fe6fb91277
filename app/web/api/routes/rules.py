"""The rules in force: `xunjian rules list`, `xunjian rules show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import HTTPException, Request, Response

from app.home import Home
from app.rule_views import named_rows, pack_document, rules_sheet
from app.web.api.answers import answer, router
from app.web.api.guard import asks
from app.web.api.parameters import Pack, Rule
from app.web.api.shapes.rules import PackDocument, Rules
from app.web.guard import Guarded
from app.web.rights import Action
from checks import rules as law

routes = router()
Own = Annotated[Guarded, asks(Action.SEE_OWN)]


@routes.get("/rules", response_model=Rules, summary="所采用的时限、义务和计数指标")
def rules(request: Request, _visitor: Own) -> Response:
    """Which rules, duties and indicators are loaded?"""
    return answer(rules_sheet(_packs(request)).document)


@routes.get("/rules/{name}", response_model=PackDocument | Rules, summary="一项指标或一个指标集")
def rule(request: Request, _visitor: Own, name: Rule) -> Response:
    """What does a pack say, or a row by its number?"""
    packs = _packs(request)
    pack = next((pack for pack in packs if pack.name == name), None)
    return answer(pack_document(pack)) if pack is not None else _rows(packs, name)


@routes.get("/rules/{pack}/{name}", response_model=Rules, summary="一个指标集的一项指标")
def rule_of_pack(request: Request, _visitor: Own, pack: Pack, name: Rule) -> Response:
    """What does the row of this number in this pack say?"""
    return _rows(_packs(request), f"{pack}/{name}")


def _packs(request: Request) -> Sequence[law.Pack]:
    home: Home = request.app.state.home
    return home.law(home.settings()).packs


def _rows(packs: Sequence[law.Pack], name: str) -> Response:
    found = named_rows(packs, name)
    if not any(found.values()):
        raise HTTPException(404, f"没有编号为 {name} 的指标。")
    return answer(found)
