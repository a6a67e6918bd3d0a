"""A mutation, and where what it breaks lies."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mutation:
    """A way to break the code: in `file`, each old text becomes the new one.

    `test` is the node id of the test that must fail then, parameters included.
    """

    name: str
    file: str
    edits: tuple[tuple[str, str], ...]
    test: str


MESSAGING: Final = "libs/messaging/messaging"
TOY: Final = "libs/messaging/tests"
BOOKING: Final = "services/booking/booking"
BOOKING_TESTS: Final = "services/booking/tests"
GATEWAY: Final = "services/gateway/gateway"
GATEWAY_TESTS: Final = "services/gateway/tests"
MEMBERSHIP: Final = "services/membership/membership"
MEMBERSHIP_TESTS: Final = "services/membership/tests"
SCHEDULER: Final = "services/scheduler/scheduler"
SCHEDULER_TESTS: Final = "services/scheduler/tests"
SALES: Final = "services/sales/sales"
SALES_TESTS: Final = "services/sales/tests"
