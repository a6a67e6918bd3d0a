"""A contract may get an optional field or a type, nothing else; every other change is seen."""

from collections.abc import Callable
from copy import deepcopy
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import pytest
from pydantic import Field, create_model

from contracts.base import Event, Value
from contracts.topics import CONVERSATION
from contracts_docs.asyncapi import document_of
from contracts_docs.compatibility import ADVICE, schema_violations, topic_violations
from contracts_docs.files import committed_document, committed_schemas, generated
from contracts_docs.schemas import schema_of, schemas_of


def test_the_contracts_keep_what_their_readers_rely_on() -> None:
    assert schema_violations(committed_schemas(), schemas_of(CONVERSATION)) == [], ADVICE
    assert topic_violations(committed_document(), document_of(CONVERSATION)) == [], ADVICE


def test_what_is_committed_is_what_the_contracts_say() -> None:
    stale = [
        path.name
        for path, text in generated(CONVERSATION).items()
        if not path.exists() or path.read_text() != text
    ]
    assert stale == [], "run `make docs`, and commit what it writes"
    assert committed_schemas().keys() == schemas_of(CONVERSATION).keys()


class Line(Value):
    line_id: UUID


class LineWithSpot(Value):
    line_id: UUID
    spot: int


class LineWithOptionalSpot(Value):
    line_id: UUID
    spot: int | None = None


FIELDS: Final[dict[str, Any]] = {
    "visit_id": UUID,
    "outcome": Literal["debited", "reversed"],
    "spots": Annotated[int, Field(ge=1, le=50)],
    "lines": tuple[Line, ...],
    "note": (str | None, None),
    "charge": (bool, False),
}
NAME: Final = "sales.visit_settled.v1"
GONE: Final = object()


def visit_settled(**changes: Any) -> dict[str, Any]:
    """Return the schemas of a conversation of one type, with some of its fields changed."""
    fields = {name: kind for name, kind in (FIELDS | changes).items() if kind is not GONE}
    message_type: type[Event] = create_model("VisitSettled", __base__=Event, **fields)
    return {NAME: schema_of(message_type)}


@pytest.mark.parametrize(
    "changes",
    [
        {"discount": (int | None, None)},
        {"lines": tuple[LineWithOptionalSpot, ...]},
        {"first_line": (Line | None, None)},
        {"tags": (tuple[str, ...], ())},
    ],
)
def test_an_optional_field_may_come(changes: dict[str, Any]) -> None:
    assert schema_violations(visit_settled(), visit_settled(**changes)) == []


def test_a_type_may_come() -> None:
    committed = visit_settled()
    assert schema_violations(committed, {**committed, "sales.visit_settled.v2": {}}) == []


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"total": int}, "body.total is required now: old messages lack it"),
        ({"note": str | None}, "body.note is required now: old messages lack it"),
        (
            {"lines": tuple[LineWithSpot, ...]},
            "body.lines[].spot is required now: old messages lack it",
        ),
        ({"visit_id": (UUID | None, None)}, "body.visit_id is optional now: old readers need it"),
        ({"spots": GONE}, "body.spots is gone: old readers look for it"),
        (
            {"note": GONE, "remark": (str | None, None)},
            "body.note is gone: old readers look for it",
        ),
        ({"lines": tuple[Value, ...]}, "body.lines[].line_id is gone: old readers look for it"),
        ({"spots": str}, "body.spots: type was 'integer', is 'string' now"),
        ({"visit_id": str}, "body.visit_id: format was 'uuid', is absent now"),
        ({"lines": dict[str, Line]}, "body.lines has other items"),
        ({"visit_id": UUID | None}, "body.visit_id has other alternatives (may it be null?)"),
        ({"note": (str, "")}, "body.note has other alternatives (may it be null?)"),
        (
            {"outcome": Literal["debited", "reversed", "waived"]},
            "body.outcome may be 'waived' now: old readers do not know it",
        ),
        (
            {"outcome": Literal["debited"]},
            "body.outcome: the list of values has come or gone",
        ),
        ({"outcome": str}, "body.outcome: the list of values has come or gone"),
        (
            {"outcome": Literal["debited", "kept"]},
            "body.outcome may not be 'reversed' any more: old messages say it",
        ),
        (
            {"spots": Annotated[int, Field(ge=1, le=20)]},
            "body.spots: maximum was 50, is 20 now",
        ),
        (
            {"spots": Annotated[int, Field(ge=1, le=90)]},
            "body.spots: maximum was 50, is 90 now",
        ),
        ({"charge": (bool, True)}, "body.charge: default was False, is True now"),
    ],
)
def test_any_other_change_of_a_type_is_seen(changes: dict[str, Any], violation: str) -> None:
    found = schema_violations(visit_settled(), visit_settled(**changes))
    assert f"{NAME}: {violation}" in found


def test_a_type_that_goes_is_seen() -> None:
    assert schema_violations(visit_settled(), {}) == [f"{NAME}: the type is gone"]


def move(document: dict[str, Any]) -> None:
    messages = document["channels"]["sales.bills"]["messages"]
    document["channels"]["sales.events"]["messages"]["sales.bill_changed.v1"] = messages.pop(
        "sales.bill_changed.v1"
    )


def key_by_client(document: dict[str, Any]) -> None:
    document["components"]["messages"]["sales.bill_changed.v1"]["x-key-field"] = "client_id"


def double_the_partitions(document: dict[str, Any]) -> None:
    document["channels"]["sales.bills"]["bindings"]["kafka"]["partitions"] = 24


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        (move, "topic was sales.bills, and is sales.events now"),
        (key_by_client, "key was visit_id, and is client_id now"),
        (double_the_partitions, "number of partitions was 12, and is 24 now"),
    ],
)
def test_a_type_that_loses_its_place_or_its_order_is_seen(
    change: Callable[[dict[str, Any]], None], violation: str
) -> None:
    changed = deepcopy(document_of(CONVERSATION))
    change(changed)
    assert topic_violations(document_of(CONVERSATION), changed) == [
        f"sales.bill_changed.v1: {violation}"
    ]
