"""Plans and the lines of settlements, as JSON in columns."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from membership.domain.plans import Plan, PlannedLine
from membership.domain.settlements import Judgement, SettledLine


def as_json(plan: Plan) -> str:
    """Return a plan as an array of its fields."""
    return to_json(plan).decode()


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
    rows = [
        (
            line.line_id,
            line.membership_id,
            line.bucket_id,
            line.reason,
            line.by_hand,
            line.undone_at,
            line.plan,
            line.judged,
        )
        for line in lines
    ]
    return to_json(rows).decode()


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
