"""What membership can be asked to do."""

from membership.commands.batches import Asked, Request, decide
from membership.commands.debit_plans import answer_debits
from membership.commands.freezes import end_freezes
from membership.commands.holds import plan_holds, release_passed_holds
from membership.commands.membership_types import change_membership_types, create_membership_types
from membership.commands.merged_services import merge_services
from membership.commands.visit_statuses import note_visit_statuses

__all__ = [
    "Asked",
    "Request",
    "answer_debits",
    "change_membership_types",
    "create_membership_types",
    "decide",
    "end_freezes",
    "merge_services",
    "note_visit_statuses",
    "plan_holds",
    "release_passed_holds",
]
