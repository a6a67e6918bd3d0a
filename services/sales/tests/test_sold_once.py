"""All of a sale happens or nothing does, in whatever order it meets payments, debits and starts.

Beside what may happen at the counter, visits are sold with memberships, and refunded; what
membership answers is heard in any interleaving, and everything twice.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from sales.domain.counter import deciding
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import State as PaymentState
from sales.domain.counter.wishes import Outcome
from sales.domain.facts import Standing
from sales.domain.sales import making, refunding
from sales.domain.sales.outcomes import IssueWanted, ReversalWanted, SaleAnswered, VoidWanted
from sales.domain.sales.placing import AUTOMATIC, Order, place
from sales.domain.sales.refunding import Claimback
from sales.domain.sales.sale import Kind, Refund, Sale, SaleLine, State

from .test_paid_once import MEMBERSHIP, NOON, OWNER, PaidOnce, Planned


class SoldOnce(PaidOnce):
    def __init__(self) -> None:
        self.issued: dict[UUID, UUID] = {}
        self.debits_of_sales: dict[UUID, UUID] = {}
        """The sale for which a line was debited, as long as that stands."""
        super().__init__()

    # What sales does

    def sell_on(self, outcome: Outcome) -> None:
        match outcome:
            case SaleAnswered(command_id=command_id):
                self.waiting.remove(command_id)
            case IssueWanted(line=line):
                self.requests.append(lambda: self.issue(line.sale_line_id))
            case VoidWanted():
                self.requests.append(lambda: self.void(outcome))
            case ReversalWanted():
                self.requests.append(lambda: self.reverse(outcome))
            case _:
                raise AssertionError(f"nobody asked for {outcome}")

    def twice(self, step: Callable[[], list[Outcome]]) -> None:
        """Hear an answer, and hear it again."""
        self.decide(step())
        self.decide(step())

    # What membership does

    def issue(self, sale_line_id: UUID) -> None:
        if next(self.ids).int % 4 == 0:
            refusal = "It is not offered."
            self.say("events", lambda: self.twice(
                lambda: making.refuse_issue(self.counter, sale_line_id, refusal)))  # fmt: skip
            return
        membership_id = self.issued[sale_line_id] = next(self.ids)
        self.say("events", lambda: self.twice(
            lambda: making.issue(self.counter, sale_line_id, membership_id)))  # fmt: skip

    def void(self, wanted: VoidWanted) -> None:
        ids = self.counter, wanted.void_id, wanted.membership_id
        is_undone = wanted.sale.state is State.REFUSED
        if not is_undone and next(self.ids).int % 3 == 0:
            self.say("events", lambda: self.twice(lambda: refunding.refuse_void(*ids, 1, 0)))
            return
        line_ids = [one for one, issued in self.issued.items() if issued == wanted.membership_id]
        for line_id in line_ids:
            del self.issued[line_id]
        self.say("events", lambda: self.twice(lambda: refunding.note_void(*ids) or []))

    def reverse(self, wanted: ReversalWanted) -> None:
        planned = self.planned(wanted.appointment_id)
        given_back = planned.debited & set(wanted.line_ids)
        revision = None
        if given_back:
            planned.spared |= given_back if planned.has_begun else set()
            self.say_settlement(planned, planned.debited - given_back)
            revision = planned.settlement_revision
        self.say("payments", lambda: self.twice(lambda: refunding.note_reversal(
            self.counter, wanted.reversal_id, revision) or []))  # fmt: skip

    def answer_debit(self, planned: Planned, debit: HandDebit) -> None:
        if debit.sale_id is None:
            super().answer_debit(planned, debit)
            return
        wrong = planned.debited | planned.claims.keys()
        line_ids = [one for one in debit.line_ids if one not in wrong]
        if planned.standing is Standing.CANCELLED:
            line_ids = []
        if debit.partly:
            line_ids = line_ids[:1]
        elif len(line_ids) < len(debit.line_ids):
            self.say("payments", lambda: self.twice(
                lambda: deciding.refuse_debit(self.counter, debit.debit_id, ())))  # fmt: skip
            return
        revision = None
        if line_ids:
            self.say_settlement(planned, planned.debited | set(line_ids))
            revision = planned.settlement_revision
            self.debits_of_sales |= dict.fromkeys(line_ids, debit.sale_id)
        paying = dict.fromkeys(line_ids, MEMBERSHIP)
        noted = self.counter, debit.debit_id, revision, paying
        self.say("payments", lambda: self.twice(lambda: deciding.note_debit(*noted) or []))

    def say_settlement(self, planned: Planned, debited: Iterable[UUID]) -> None:
        super().say_settlement(planned, debited)
        gone = {line.line_id for line in planned.lines} - planned.debited
        for line_id in gone & self.debits_of_sales.keys():
            del self.debits_of_sales[line_id]

    # What happens

    @rule(
        first=st.integers(0, 3),
        more=st.sets(st.integers(0, 3)),
        choice=st.sampled_from((AUTOMATIC, MEMBERSHIP)),
        by_money=st.booleans(),
        memberships=st.integers(0, 2),
        discount=st.sampled_from((0, 0, 500)),
    )
    def sell(
        self,
        first: int,
        more: set[int],
        choice: UUID | None,
        by_money: bool,
        memberships: int,
        discount: int,
    ) -> None:
        day, line_id = self.one_line(first)
        same = [self.one_line(one) for one in sorted(more - {first})]
        named = [line_id, *(one for home, one in same if home == day)]
        lines = [_visited(next(self.ids), number, one) for number, one in enumerate(named)]
        sessions = {} if by_money else {line.sale_line_id: choice for line in lines}
        for line in lines:
            line.discount = discount if by_money else 0
        lines += [_membership(next(self.ids), len(named) + number) for number in range(memberships)]
        sale = Sale(
            next(self.ids), next(self.ids), OWNER.chain_id, OWNER.location_id, "UTC",
            OWNER.client_id, day, "EUR", "cash", NOON, lines,
        )  # fmt: skip
        self.waiting.add(sale.command_id)
        self.decide(place(self.counter, Order(sale, sessions)))

    @rule(some=st.data())
    def refund(self, some: st.DataObject) -> None:
        if not self.counter.sales:
            return
        sale = some.draw(st.sampled_from(list(self.counter.sales.values())))
        lines = some.draw(st.sets(st.sampled_from([one.sale_line_id for one in sale.lines])))
        asked = Claimback(
            next(self.ids), next(self.ids), sale.sale_id, OWNER.location_id, tuple(lines)
        )
        self.waiting.add(asked.command_id)
        self.decide(refunding.ask_refund(self.counter, asked))

    # What must hold

    def teardown(self) -> None:
        """When all is heard, no sale waits, and those that were refused have left no trace."""
        super().teardown()
        for sale in self.counter.sales.values():
            assert not sale.is_in_flight
            assert sale.is_answered
            payment = self.counter.payments.get(sale.counter_payment_id)
            stands = {each.line_id for each in payment.standing_lines} if payment else set[UUID]()
            if sale.state is State.REFUSED:
                assert payment is None or payment.state is PaymentState.REFUSED
                assert sale.sale_id not in self.debits_of_sales.values()
                assert not any(line.sale_line_id in self.issued for line in sale.lines)
                continue
            for line in sale.lines:
                is_back = line.refund is Refund.DONE
                if line.kind is Kind.MEMBERSHIP:
                    assert (line.sale_line_id in self.issued) is not is_back
                elif line.to_pay or line.payer == "money":
                    assert (line.line_id in stands) is not is_back


def _visited(sale_line_id: UUID, ordinal: int, line_id: UUID) -> SaleLine:
    return SaleLine(sale_line_id, ordinal, Kind.VISIT, "", 1, 0, 0, line_id=line_id)


def _membership(sale_line_id: UUID, ordinal: int) -> SaleLine:
    return SaleLine(
        sale_line_id, ordinal, Kind.MEMBERSHIP, "Ten", 1, 9000, 0, membership_type_id=MEMBERSHIP
    )


@pytest.mark.rule("A16", "A10", "S5", "X3", "X5")
class TestSoldOnce(SoldOnce.TestCase):
    settings = settings(max_examples=600, stateful_step_count=40, deadline=None)
