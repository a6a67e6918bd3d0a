"""Why an appointment was debited as it was: rule by rule, membership by membership."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from contracts import membership_views as views
from membership import store
from membership.domain.explaining import (
    ExplainedLine,
    Verdict,
    explain_held,
    explain_settled,
)
from membership.domain.plans import Plan, PlannedLine
from membership.domain.wallets import Wallets
from postgres import Transaction

# Holds tell what they are for; the zone is that of the location where their membership was sold.
_HOLDS: Final = """
SELECT hold.*, membership.chain_id, membership.time_zone
FROM holds AS hold JOIN buckets USING (bucket_id) JOIN memberships AS membership
    USING (membership_id)
WHERE hold.appointment_id = $1 AND hold.reschedule_id IS NULL
ORDER BY hold.revision, hold.line_id
"""
_CLIENT: Final = "SELECT client_id FROM settlements WHERE appointment_id = $1"
_NOW: Final = "SELECT chain_now($1)"


class Explained(NamedTuple):
    """An explanation, and whose it is."""

    explanation: views.Explanation
    chain_id: UUID
    location_id: UUID


async def explain(connection: Transaction, appointment_id: UUID) -> Explained | None:
    """Explain an appointment by what is stored, to be called in one snapshot.

    What is settled is told as it was judged then, what is still to come as of now. None if
    nothing was ever held or settled for it.
    """
    rows = await connection.fetch(_HOLDS, appointment_id)
    client_id = await connection.fetchval(_CLIENT, appointment_id)
    if client_id is None and not rows:
        return None
    client_id = client_id or rows[0]["client_id"]
    keys = store.Keys(clients={client_id}, appointments={appointment_id})
    wallets = await store.load(connection, keys)
    client_id = wallets.kept(client_id)
    settlement = wallets.settlements.get(appointment_id)
    plan = settlement.plan if settlement else _plan_of(rows, client_id)
    now: datetime = await connection.fetchval(_NOW, plan.chain_id)
    lines = explain_settled(wallets, settlement) if settlement else []
    if settlement is None or not settlement.has_begun:
        known = {one.line.line_id for one in lines}
        open_ = tuple(line for line in _planned(rows) if line.line_id not in known)
        holds = wallets.by_client[client_id].holds
        lines += explain_held(wallets, plan._replace(lines=open_), holds)
    has_begun = settlement is not None and settlement.has_begun
    planned = "planned" if any(one.outcome == "planned" for one in lines) else "none"
    explanation = views.Explanation(
        appointment_id=appointment_id,
        client_id=client_id,
        start=plan.start,
        judged_at=settlement.settled_at if settlement is not None and has_begun else now,
        outcome=settlement.outcome if settlement is not None else planned,
        lines=tuple(_line(wallets, client_id, one) for one in lines),
    )
    return Explained(explanation, plan.chain_id, plan.location_id)


def _planned(rows: list[asyncpg.Record]) -> list[PlannedLine]:
    return [
        PlannedLine(
            row["line_id"], row["service_id"], row["category_id"], row["automatic_debiting"]
        )
        for row in rows
    ]


def _plan_of(rows: list[asyncpg.Record], client_id: UUID) -> Plan:
    """Return the plan as far as its holds tell it; the newest comes last."""
    row = rows[-1]
    return Plan(
        appointment_id=row["appointment_id"],
        revision=row["revision"],
        booking_id=row["booking_id"],
        visit_id=row["appointment_id"],
        chain_id=row["chain_id"],
        location_id=row["location_id"],
        time_zone=row["time_zone"],
        client_id=client_id,
        start=row["starts_at"],
        lines=(),
    )


def _line(wallets: Wallets, client_id: UUID, explained: ExplainedLine) -> views.LineExplanation:
    line = explained.line
    return views.LineExplanation(
        line_id=line.line_id,
        service_id=line.plan.service_id,
        automatic_debiting=line.plan.is_automatic,
        outcome=explained.outcome,
        membership_id=line.membership_id,
        summary=explained.summary,
        verdicts=tuple(_verdict(wallets, client_id, one) for one in explained.verdicts),
    )


def _verdict(wallets: Wallets, client_id: UUID, verdict: Verdict) -> views.Verdict:
    judged = verdict.judgement
    wallet = wallets.by_membership[judged.membership_id]
    membership = wallet.memberships[judged.membership_id]
    return views.Verdict(
        membership_id=judged.membership_id,
        name=membership.name,
        expires_on=judged.expires_on,
        own=membership.owner_client_id == client_id,
        rule=verdict.rule,
        reason=verdict.reason,
        pays=verdict.reason is None,
    )


def as_text(explanation: views.Explanation) -> str:
    """Return an explanation for people: a paragraph a line, a row a membership."""
    said = [
        f"Appointment {explanation.appointment_id} of client {explanation.client_id}",
        f"starts {explanation.start:%Y-%m-%d %H:%M %Z} · {explanation.outcome}",
        f"judged {explanation.judged_at:%Y-%m-%d %H:%M:%S %Z}",
    ]
    for line in explanation.lines:
        said += ["", f"Line {line.line_id}: {line.outcome}", f"  {line.summary}"]
        said += [_row(line, verdict) for verdict in line.verdicts]
    return "\n".join(said)


def _row(line: views.LineExplanation, verdict: views.Verdict) -> str:
    pays = "pays" if verdict.membership_id == line.membership_id else "could pay"
    return (
        f"  {verdict.name:<24.24} {'own' if verdict.own else 'shared':<7}"
        f" until {verdict.expires_on or 'for ever'!s:<11} {verdict.rule:<4}"
        f" {verdict.reason or pays}"
    )
