"""The schema says what the interface does: requests made from it, right ones and wrong ones.

With a key and without, by methods that are not there; every check of Schemathesis. `XUNJIAN_LONG`
makes thousands, where the suite takes a sample.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.schemas import BaseSchema

from app.web.api import guard
from app.web.api.answers import VERSION
from app.web.api.routes.schema import TOLD, document
from app.web.rights import Role
from tests.app.web.api.asking import Program, asking, make_home, secret_of

LONG = bool(os.environ.get("XUNJIAN_LONG"))
CONFIG: dict[str, Any] = {
    "seed": 20261129,
    "generation": {"max-examples": 300 if LONG else 3, "deterministic": True, "mode": "all"},
    # Nothing is made here that a later request could use.
    "phases": {"stateful": {"enabled": False}},
    # A period that has not begun by the day asked about is refused, and no schema can say so.
    "operations": [
        {
            "include-path-regex": "assess$|accounts",
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 422]}},
        }
    ],
    "headers": {"Authorization": f"Bearer {secret_of(Role.CLERK)}"},
}
CHECKS = set(
    "not_a_server_error status_code_conformance content_type_conformance "
    "response_headers_conformance response_schema_conformance negative_data_rejection "
    "positive_data_acceptance missing_required_header unsupported_method allow_header_conformance "
    "use_after_free ensure_resource_availability ignored_auth object_level_authorization".split()
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = make_home(tmp_path_factory.mktemp("home"))
    with asking(home) as made, pytest.MonkeyPatch.context() as patch:
        # All the wrong keys are meant to come from one address here.
        patch.setattr(guard, "OF_ADDRESS", sys.maxsize)
        yield made


@pytest.fixture(scope="module")
def schema(program: Program) -> BaseSchema:
    return schemathesis.openapi.from_asgi(
        f"{VERSION}/openapi.json",
        program.client.app,
        config=SchemathesisConfig.from_dict(CONFIG),
        headers=CONFIG["headers"],
    )


def test_what_is_asked_by_the_schema_is_answered_by_it(schema: BaseSchema) -> None:
    faults: list[str] = []
    met, checks = Counter[tuple[str, int]](), Counter[str]()
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError | FatalError):
            faults.append(repr(event))
        elif isinstance(event, ScenarioFinished):
            kept = event.recorder
            answers = [each.response for each in kept.interactions.values()]
            met.update((kept.label, each.status_code) for each in answers if each is not None)
            done = [each for nodes in kept.checks.values() for each in nodes]
            checks.update(each.name for each in done)
            faults += [
                f"{kept.label} {each.name}: {each.failure_info.failure}\n"
                f"{each.failure_info.code_sample}"
                for each in done
                if each.failure_info is not None
            ]
    print(f"{met.total()} requests, {checks.total()} checks")  # told of the long form
    assert faults == []
    assert set(checks) == CHECKS
    asked = {f"GET {path}" for path in document()["paths"]} - {f"GET {VERSION}/openapi.json"}
    assert {label for label, status in met if status == 200} == asked
    assert {label for label, status in met if status == 401} == asked
    assert {label for label, status in met if status == 405} == asked
    assert met.total() > (4_000 if LONG else 400)


def test_the_schema_tells_every_field_every_refusal_and_both_ways_in(program: Program) -> None:
    told = program.ask("/openapi.json").json()
    assert told == document()
    assert [scheme["type"] for scheme in told["components"]["securitySchemes"].values()] == [
        "http",
        "apiKey",
    ]
    for path, ways in told["paths"].items():
        assert list(ways) == ["get"], path
        assert ways["get"]["security"] == [{"key": []}, {"session": []}], path
        refused = {"401", "403", "404", "405", "422", "429", "500", "503"}
        assert set(ways["get"]["responses"]) == {"200", *refused}, path
    shapes = told["components"]["schemas"]
    open_ended = [name for name, each in shapes.items() if each["type"] == "object"
                  if each.get("additionalProperties") is not False]  # fmt: skip
    assert open_ended == []
    unsure = [name for name, each in shapes.items() if each["type"] == "object"
              if set(each["required"]) != set(each["properties"])]  # fmt: skip
    assert unsure == []


def test_the_schema_holds_nothing_of_the_home(program: Program) -> None:
    assert program.ask("/openapi.json", Role.VIEWER).json() == document()
    assert sum(len(each.routes) for each in TOLD) == len(document()["paths"])
