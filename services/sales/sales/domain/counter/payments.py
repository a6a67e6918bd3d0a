"""Money taken at the counter, and what it needs to be taken.

A line that a session might pay is claimed first: membership decides between the payment and the
start of the appointment, and the payment waits until it has (rule A16). Amounts are in minor units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID, uuid5


class State(StrEnum):
    """How far a payment has come."""

    PENDING = "pending"
    """It waits for its claims."""
    TAKEN = "taken"
    REFUSED = "refused"
    UNDONE = "undone"


class Claim(StrEnum):
    """Whether membership leaves a line to the payment."""

    NEEDLESS = "needless"
    """No session would pay it."""
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(slots=True)
class CounterLine:
    """What a payment pays of one line beside its `discount`, and the claim that it needed.

    `is_undone` says that a sale gave the money of this line back.
    """

    line_id: UUID
    appointment_id: UUID
    amount: int
    claim: Claim = Claim.NEEDLESS
    claim_id: UUID | None = None
    discount: int = 0
    is_undone: bool = False

    @property
    def is_claimed(self) -> bool:
        """Whether membership has to be told when the payment ends."""
        return self.claim in {Claim.ASKED, Claim.GRANTED}


@dataclass(slots=True)
class CounterPayment:
    """A payment at the counter; `command_id` waits for the answer while it is pending.

    That of a sale, named by `sale_id`, is taken and given back with it.
    """

    payment_id: UUID
    command_id: UUID
    visit_id: UUID
    method: str
    currency: str
    taken_at: datetime
    lines: list[CounterLine]
    state: State = State.PENDING
    sale_id: UUID | None = None

    @property
    def amount(self) -> int:
        """What was taken, less what was given back for some of the lines."""
        is_undone = self.state is State.UNDONE
        return sum(line.amount for line in self.lines if is_undone or not line.is_undone)

    @property
    def stands(self) -> bool:
        """Whether its lines are paid by it, or are about to be."""
        return self.state in {State.PENDING, State.TAKEN}

    @property
    def standing_lines(self) -> list[CounterLine]:
        """The lines that are paid by it, or are about to be."""
        return [line for line in self.lines if not line.is_undone] if self.stands else []

    @property
    def is_granted(self) -> bool:
        """Whether nothing keeps the money from being taken."""
        return all(line.claim in {Claim.NEEDLESS, Claim.GRANTED} for line in self.lines)


@dataclass(frozen=True, slots=True)
class ClaimWanted:
    """Membership is asked for lines of an appointment."""

    claim_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ClaimGivenUp:
    """Membership gets the lines of a claim back."""

    claim_id: UUID
    appointment_id: UUID


ClaimStep: TypeAlias = ClaimWanted | ClaimGivenUp


def ask_claim(
    payment: CounterPayment, lines: Iterable[CounterLine], revision: int
) -> list[ClaimWanted]:
    """Claim these lines of one appointment, which is planned at `revision`."""
    asked = list(lines)
    if not asked:
        return []
    appointment_id = asked[0].appointment_id
    subject = appointment_id if payment.sale_id is None else asked[0].line_id
    claim_id = uuid5(payment.payment_id, f"claim/{subject}/{revision}")
    for line in asked:
        line.claim, line.claim_id = Claim.ASKED, claim_id
    line_ids = tuple(line.line_id for line in asked)
    return [ClaimWanted(claim_id, appointment_id, line_ids)]


def answer_claim(payment: CounterPayment, claim_id: UUID, claim: Claim) -> None:
    """Note what membership decided."""
    for line in payment.lines:
        if line.claim_id == claim_id:
            line.claim = claim


def end(payment: CounterPayment, state: State) -> list[ClaimGivenUp]:
    """Let a payment not be taken, or give its money back: membership may plan its lines again."""
    payment.state = state
    claims = {
        line.claim_id: line.appointment_id
        for line in payment.lines
        if line.is_claimed and line.claim_id is not None and not line.is_undone
    }
    return [ClaimGivenUp(claim_id, appointment_id) for claim_id, appointment_id in claims.items()]
