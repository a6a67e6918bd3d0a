"""Sessions debited by hand (rule A13)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class DebitState(StrEnum):
    """How far a debit has come."""

    PENDING = "pending"
    """Membership is asked."""
    DEBITED = "debited"
    """Its settlement has not been heard yet."""
    DONE = "done"
    REFUSED = "refused"


@dataclass(slots=True)
class HandDebit:
    """Lines of one appointment to be debited; `command_id` waits for the answer.

    A sale or a healing, named by its id, answers for its own. `partly` leaves out what no
    membership can pay: once it is answered, `line_ids` are those that were debited.
    `settlement_revision` is the first settlement that shows the debit.
    """

    debit_id: UUID
    command_id: UUID
    visit_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]
    membership_id: UUID | None
    state: DebitState = DebitState.PENDING
    settlement_revision: int | None = None
    sale_id: UUID | None = None
    partly: bool = False
    healing_id: UUID | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether its lines are about to be debited."""
        return self.state in {DebitState.PENDING, DebitState.DEBITED}
