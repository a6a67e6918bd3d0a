"""Plans and the lines of settlements, as JSON in columns."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from membership.domain.plans import Plan, PlannedLine
from membership.domain.settlements import Judgement, SettledLine


def as_json(plan: Plan) -> str:
    """Return a plan as an array of its fields."""
    lines = [_texts(line) for line in plan.lines]
    return json.dumps([*map(_text, plan[:-1]), lines])


def plan_from(stored: str) -> Plan:
    """Return a plan that was stored as JSON."""
    appointment, revision, booking, visit, chain, location, zone, client, start, lines = json.loads(
        stored
    )
    return Plan(
        appointment_id=UUID(appointment),
        revision=revision,
        booking_id=UUID(booking),
        visit_id=UUID(visit),
        chain_id=UUID(chain),
        location_id=UUID(location),
        time_zone=zone,
        client_id=UUID(client),
        start=datetime.fromisoformat(start),
        lines=tuple(_line(*line) for line in lines),
    )


def lines_as_json(lines: Iterable[SettledLine]) -> str:
    """Return settled lines as arrays; what the schema says of `settlements.lines` names the parts.

    The first four parts are all that there was before the others.
    """
    return json.dumps([_settled(line) for line in lines])


def _settled(line: SettledLine) -> list[Any]:
    judged = [_texts(one) for one in line.judged]
    return [
        *_texts((line.line_id, line.membership_id, line.bucket_id, line.reason)),
        line.by_hand,
        _text(line.undone_at),
        _texts(line.plan),
        judged,
    ]


def lines_from(stored: str) -> tuple[SettledLine, ...]:
    """Return settled lines that were stored as JSON."""
    return tuple(_settled_from(line) for line in json.loads(stored))


def _settled_from(row: Sequence[Any]) -> SettledLine:
    line_id, membership_id, bucket_id, reason, *more = row
    by_hand, undone_at, plan, judged = more or (False, None, None, ())
    return SettledLine(
        _line(*plan) if plan else PlannedLine(UUID(line_id), UUID(int=0)),
        _uuid(membership_id),
        _uuid(bucket_id),
        reason,
        by_hand,
        datetime.fromisoformat(undone_at) if undone_at else None,
        tuple(_judgement(*one) for one in judged),
    )


def _judgement(membership_id: str, expires_on: str | None, reason: Any) -> Judgement:
    expiry = date.fromisoformat(expires_on) if expires_on else None
    return Judgement(UUID(membership_id), expiry, reason)


def _line(line_id: str, service_id: str, category_id: str | None, *settings: bool) -> PlannedLine:
    return PlannedLine(UUID(line_id), UUID(service_id), _uuid(category_id), *settings)


def _uuid(stored: str | None) -> UUID | None:
    return UUID(stored) if stored else None


def _texts(values: Iterable[Any]) -> list[Any]:
    return [_text(value) for value in values]


def _text(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case date():  # and datetime
            return value.isoformat()
        case _:
            return value
