"""What membership can be asked to do."""

from membership.commands.batches import Asked, Request, decide
from membership.commands.holds import plan_holds, release_passed_holds
from membership.commands.membership_types import change_membership_types, create_membership_types

__all__ = [
    "Asked",
    "Request",
    "change_membership_types",
    "create_membership_types",
    "decide",
    "plan_holds",
    "release_passed_holds",
]
