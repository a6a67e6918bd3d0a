"""What is heard of the appointments of visits."""

from dataclasses import dataclass
from uuid import UUID

from sales.domain.facts import Fact
from sales.domain.visits import Owner


@dataclass(frozen=True, slots=True)
class Heard:
    """One fact about an appointment of a visit, and the id of the message that told it.

    A plan comes with its `document`, as membership can be told it.
    """

    cause: UUID
    visit_id: UUID
    owner: Owner
    appointment_id: UUID
    fact: Fact
    document: str | None = None
