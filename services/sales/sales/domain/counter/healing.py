"""Healing: a membership pays visits that were not debited, in one step, as far as it goes (A13)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sales.domain.counter.debits import HandDebit
from sales.domain.counter.state import Counter
from sales.domain.counter.wishes import DebitWanted, Healed, Outcome
from sales.domain.healings import Healing
from sales.domain.owing import Owed, owed_lines
from sales.domain.visits import Visit


@dataclass(frozen=True, slots=True)
class HealingAsked:
    """Lines that a membership is to pay; without ids all whose automatic debiting failed."""

    settlement_id: UUID
    command_id: UUID
    membership_id: UUID
    line_ids: tuple[UUID, ...]


def heal(
    counter: Counter, visits: Collection[Visit], asked: HealingAsked, now: datetime
) -> list[Outcome]:
    """Ask membership to debit what is owed at these visits, oldest first."""
    lines = [
        each
        for visit in visits
        for each in owed_lines(counter, visit, now)
        if each.debit_failed and not each.is_taken and each.line.paid == 0
    ]
    meant = [each for each in lines if each.line.line.line_id in asked.line_ids]
    groups: dict[UUID, list[Owed]] = {}
    for each in sorted(meant if asked.line_ids else lines, key=_age):
        groups.setdefault(each.appointment_id, []).append(each)
    healing = Healing(asked.settlement_id, asked.command_id, asked.membership_id)
    counter.healings[healing.settlement_id] = healing
    found = {each.line.line.line_id for each in meant}
    healing.refused += [line_id for line_id in asked.line_ids if line_id not in found]
    outcomes: list[Outcome] = []
    for appointment_id, group in groups.items():
        home = counter.visits.home_of(appointment_id)
        assert home is not None, "it stands at one of the visits"
        debit = HandDebit(
            debit_id=uuid5(asked.settlement_id, f"{appointment_id}"),
            command_id=asked.command_id,
            visit_id=home.visit_id,
            appointment_id=appointment_id,
            line_ids=tuple(each.line.line.line_id for each in group),
            membership_id=asked.membership_id,
            healing_id=asked.settlement_id,
            partly=True,
        )
        healing.waits_for.append(debit.debit_id)
        counter.debits[debit.debit_id] = debit
        outcomes.append(DebitWanted(debit))
    return outcomes or [Healed(healing)]


def note_refused(counter: Counter, debit: HandDebit, line_ids: Collection[UUID]) -> None:
    """Note which lines the membership could not pay."""
    assert debit.healing_id is not None, "it is a debit of a healing"
    counter.healings[debit.healing_id].refused += line_ids


def conclude(counter: Counter, debit: HandDebit) -> list[Outcome]:
    """Note that a debit is over; the last one answers."""
    assert debit.healing_id is not None, "it is a debit of a healing"
    healing = counter.healings[debit.healing_id]
    healing.settled += debit.line_ids
    healing.waits_for.remove(debit.debit_id)
    return [] if healing.waits_for else [Healed(healing)]


def _age(each: Owed) -> tuple[datetime, UUID, int]:
    return each.start, each.appointment_id, each.line.line.ordinal
