"""A line is paid once, in whatever order plans, starts, claims, payments and debits meet.

Sales runs as it is; booking and membership are small models of what they promise. What they say to
each other waits in queues, each in order, that are heard in any interleaving.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sales.domain.counter import deciding
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import ClaimGivenUp, ClaimWanted, State
from sales.domain.counter.state import Counter, unspent
from sales.domain.counter.wishes import (
    Answered,
    Debit,
    DebitWanted,
    Declined,
    Outcome,
    Take,
    Undo,
    Wish,
)
from sales.domain.facts import Line, Plan, Settlement, Standing
from sales.domain.visits import Owner, Visit, Visits

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWNER = Owner(UUID(int=1), UUID(int=2), UUID(int=3))
DAYS = TODAY, TOMORROW = UUID(int=4), UUID(int=5)
MEMBERSHIP = UUID(int=6)


@dataclass
class Planned:
    """An appointment as booking and membership know it; membership settles it."""

    appointment_id: UUID
    lines: tuple[Line, ...]
    visit_id: UUID = TODAY
    revision: int = 1
    standing: Standing = Standing.ACCEPTED
    has_begun: bool = False
    settlement_revision: int = 0
    debited: set[UUID] = field(default_factory=set[UUID])
    spared: set[UUID] = field(default_factory=set[UUID])
    claims: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])

    @property
    def plan(self) -> Plan:
        return Plan(self.revision, self.standing, NOON, "EUR", self.lines)

    def settle(self, line_ids: Iterable[UUID]) -> Settlement:
        self.debited = set(line_ids)
        self.settlement_revision += 1
        return Settlement(self.settlement_revision, dict.fromkeys(self.debited, MEMBERSHIP))


class PaidOnce(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ids = (UUID(int=number) for number in count(100))  # the same in every run
        self.visits = Visits(Visit(day, OWNER) for day in DAYS)
        self.counter = Counter(self.visits)
        self.appointments = [
            Planned(next(self.ids), (self.line(1500, 0), self.line(4000, 1))),
            Planned(next(self.ids), (self.line(2000, 0), self.line(1000, 1, by_hand=True))),
        ]
        self.waiting: set[UUID] = set()
        self.requests: deque[Callable[[], None]] = deque()
        self.queues: dict[Any, deque[Callable[[], None]]] = {}
        for each in self.appointments:
            self.hear(each, each.plan, TODAY)

    # What sales does

    def decide(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in [*outcomes, *deciding.follow_up(self.counter)]:
            match outcome:
                case Answered(command_id=command_id) | Declined(command_id=command_id):
                    self.waiting.remove(command_id)  # each is answered once
                case ClaimWanted() | ClaimGivenUp() | DebitWanted():
                    self.requests.append(lambda asked=outcome: self.answer(asked))
                case _:
                    self.sell_on(outcome)

    def sell_on(self, outcome: Outcome) -> None:
        raise AssertionError(f"nothing is sold here, but {outcome}")

    def ask(self, day: UUID, wish: Wish) -> None:
        self.waiting.add(command_id := next(self.ids))
        self.decide(deciding.fulfil(self.counter, self.visits.by_id[day], command_id, wish))

    def hear(self, planned: Planned, fact: Plan | Settlement, visit_id: UUID) -> None:
        self.visits.hear(visit_id, planned.appointment_id, fact)
        self.decide([])

    # What the others do

    def say(self, queue: Any, message: Callable[[], None]) -> None:
        self.queues.setdefault(queue, deque()).append(message)

    def say_plan(self, planned: Planned) -> None:
        plan, visit_id = planned.plan, planned.visit_id
        self.say("booking", lambda: self.hear(planned, plan, visit_id))

    def say_settlement(self, planned: Planned, debited: Iterable[UUID]) -> None:
        settlement, visit_id = planned.settle(debited), planned.visit_id
        self.say(planned.appointment_id, lambda: self.hear(planned, settlement, visit_id))

    def answer(self, asked: ClaimWanted | ClaimGivenUp | DebitWanted) -> None:
        """Let membership decide a request."""
        match asked:
            case DebitWanted(debit=debit):
                self.answer_debit(self.planned(debit.appointment_id), debit)
            case ClaimWanted(claim_id=claim_id):
                planned = self.planned(asked.appointment_id)
                debited = planned.debited & set(asked.line_ids)
                if debited:
                    self.say("payments", lambda: self.decide(
                        deciding.deny(self.counter, claim_id, debited)))  # fmt: skip
                else:
                    planned.claims |= dict.fromkeys(asked.line_ids, claim_id)
                    self.say("payments", lambda: self.decide(
                        deciding.grant(self.counter, claim_id)))  # fmt: skip
            case ClaimGivenUp(claim_id=claim_id):
                planned = self.planned(asked.appointment_id)
                returned = {one for one, claim in planned.claims.items() if claim == claim_id}
                planned.spared |= returned if planned.has_begun else set()
                for line_id in returned:
                    del planned.claims[line_id]

    def answer_debit(self, planned: Planned, debit: HandDebit) -> None:
        debit_id, line_ids = debit.debit_id, debit.line_ids
        wrong = planned.debited | planned.claims.keys()
        if wrong & set(line_ids) or planned.standing is Standing.CANCELLED:
            self.say("payments", lambda: self.decide(
                deciding.refuse_debit(self.counter, debit_id, ())))  # fmt: skip
            return
        self.say_settlement(planned, planned.debited | set(line_ids))
        revision = planned.settlement_revision
        self.say("payments", lambda: self.note_debit(debit_id, revision))

    def note_debit(self, debit_id: UUID, revision: int) -> None:
        deciding.note_debit(self.counter, debit_id, revision, {})
        self.decide([])

    def planned(self, appointment_id: UUID) -> Planned:
        [found] = [one for one in self.appointments if one.appointment_id == appointment_id]
        return found

    # What happens

    @rule(day=st.sampled_from(DAYS))
    def pay_all(self, day: UUID) -> None:
        self.ask(day, Take(next(self.ids), (), "cash", NOON))

    @rule(index=st.integers(0, 3))
    def pay(self, index: int) -> None:
        day, line_id = self.one_line(index)
        self.ask(day, Take(next(self.ids), (line_id,), "cash", NOON))

    @rule(index=st.integers(0, 3))
    def debit_by_hand(self, index: int) -> None:
        day, line_id = self.one_line(index)
        self.ask(day, Debit(next(self.ids), (line_id,), None))

    @precondition(lambda self: self.counter.payments)
    @rule(some=st.data())
    def undo(self, some: st.DataObject) -> None:
        payment = some.draw(st.sampled_from(list(self.counter.payments.values())))
        self.ask(payment.visit_id, Undo(payment.payment_id))

    @rule(index=st.integers(0, 1), sessions=st.integers(0, 2))
    def start(self, index: int, sessions: int) -> None:
        planned = self.appointments[index]
        if planned.has_begun or planned.standing is Standing.CANCELLED:
            return
        planned.has_begun = True
        left = planned.debited | planned.spared | planned.claims.keys()
        automatic = [one.line_id for one in planned.lines if one.automatic_debiting]
        due = [line_id for line_id in automatic if line_id not in left]
        self.say_settlement(planned, {*planned.debited, *due[:sessions]})

    @rule(index=st.integers(0, 1))
    def undo_debit(self, index: int) -> None:
        planned = self.appointments[index]
        if planned.debited:
            planned.spared |= planned.debited if planned.has_begun else set()
            self.say_settlement(planned, ())

    @rule(index=st.integers(0, 1), day=st.sampled_from(DAYS), price=st.integers(0, 5000))
    def reschedule(self, index: int, day: UUID, price: int) -> None:
        planned = self.appointments[index]
        if planned.has_begun or planned.standing is Standing.CANCELLED:
            return
        planned.visit_id, planned.revision = day, planned.revision + 1
        planned.lines = tuple(replace(one, price=price) for one in planned.lines)
        self.say_plan(planned)

    @rule(index=st.integers(0, 1), is_meant=st.sampled_from((False, False, True)))
    def cancel(self, index: int, is_meant: bool) -> None:
        planned = self.appointments[index]
        if is_meant and planned.standing is Standing.ACCEPTED:
            planned.standing, planned.revision = Standing.CANCELLED, planned.revision + 1
            self.say_plan(planned)
            if planned.debited:
                self.say_settlement(planned, ())

    @rule(choices=st.lists(st.integers(0, 5), min_size=1, max_size=4))
    def something_is_heard(self, choices: list[int]) -> None:
        for choice in choices:
            queues = [queue for queue in (self.requests, *self.queues.values()) if queue]
            if queues:
                queues[choice % len(queues)].popleft()()

    # What must hold

    @invariant()
    def paid_and_debited_never_exceed_the_price(self) -> None:
        for visit in self.visits.by_id.values():
            bill = visit.bill()
            if bill is not None:
                assert bill.owed == bill.total - bill.debited - bill.paid >= 0
                for _, each in bill.lines:
                    debited = each.line.price if each.debited else 0
                    assert 0 <= debited + each.paid + each.discount <= each.line.price

    def teardown(self) -> None:
        """When all is heard, every command is answered, and no line was paid by both."""
        while queues := [queue for queue in (self.requests, *self.queues.values()) if queue]:
            queues[0].popleft()()
        assert self.waiting == set()
        taken = [one for one in self.counter.payments.values() if one.state is State.TAKEN]
        paid = [each.line_id for payment in taken for each in payment.standing_lines]
        assert len(paid) == len(set(paid))
        assert not set(paid) & {one for each in self.appointments for one in each.debited}
        kept = sum(one.amount for one in taken)
        back = sum(unspent(one, visit) for one in taken for visit in self.visits.by_id.values())
        bills = [bill for visit in self.visits.by_id.values() if (bill := visit.bill())]
        assert kept - back == sum(bill.paid for bill in bills)
        for planned in self.appointments:
            appointment = self.visits.find(planned.appointment_id)
            assert appointment is not None
            assert set(appointment.debits) == planned.debited
            if planned.standing is Standing.ACCEPTED:  # claims end with what they were for
                assert planned.claims.keys() <= set(paid)

    def line(self, price: int, ordinal: int, *, by_hand: bool = False) -> Line:
        return Line(next(self.ids), ordinal, "Yoga", price, automatic_debiting=not by_hand)

    def one_line(self, index: int) -> tuple[UUID, UUID]:
        """Return the visit where sales knows a line to be, and the line."""
        planned = self.appointments[index // 2]
        home = self.visits.home_of(planned.appointment_id)
        assert home is not None
        return home.visit_id, planned.lines[index % 2].line_id


@pytest.mark.rule("A16", "A13", "A10")
class TestPaidOnce(PaidOnce.TestCase):
    settings = settings(max_examples=400, stateful_step_count=40, deadline=None)
