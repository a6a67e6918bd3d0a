"""Which staff may open which page, on one screen; the API decides again about each action.

Pages are named by their handlers. An owner may what an administrator may, who may what an operator
may; the platform has pages of its own.
"""

from collections.abc import Mapping
from typing import Final

from gateway.staff import StaffRole

_PLATFORM: Final = StaffRole.PLATFORM
_OWNER: Final = StaffRole.OWNER
_ADMINISTRATOR: Final = StaffRole.ADMINISTRATOR
_OPERATOR: Final = StaffRole.OPERATOR

PAGE_ROLES: Final[Mapping[str, StaffRole]] = {
    # the way in
    "show_location": _OPERATOR,
    # clients
    "show_client_search": _OPERATOR,
    "show_clients": _OPERATOR,
    "show_new_client": _OPERATOR,
    "add_client": _OPERATOR,
    "show_client": _OPERATOR,
    "show_client_form": _OPERATOR,
    "change_client": _OPERATOR,
    "show_client_merging": _ADMINISTRATOR,
    "merge_clients": _ADMINISTRATOR,
    "show_erasing": _ADMINISTRATOR,
    "erase_client": _ADMINISTRATOR,
    # memberships
    "show_memberships": _OPERATOR,
    "show_membership": _OPERATOR,
    "freeze_membership": _OPERATOR,
    "unfreeze_membership": _OPERATOR,
    "extend_membership": _ADMINISTRATOR,
    "adjust_membership": _ADMINISTRATOR,
    "void_membership": _ADMINISTRATOR,
    "settle_unpaid_visits": _OPERATOR,
    "share_membership": _OPERATOR,
    "show_removal": _OPERATOR,
    "unshare_membership": _OPERATOR,
    # services
    "show_services": _OPERATOR,
    "show_new_service": _ADMINISTRATOR,
    "create_service": _ADMINISTRATOR,
    "create_category": _ADMINISTRATOR,
    "show_service": _OPERATOR,
    "change_service": _ADMINISTRATOR,
    "duplicate_service": _ADMINISTRATOR,
    "show_merging": _OWNER,
    "merge_services": _OWNER,
    # reports
    "show_reports": _ADMINISTRATOR,
    "download_report": _ADMINISTRATOR,
    # the calendar and what stands in it
    "show_calendar": _OPERATOR,
    "follow_changes": _OPERATOR,
    "show_appointment": _OPERATOR,
    "set_visit_status": _OPERATOR,
    "cancel_appointment": _OPERATOR,
    "undo_debit": _OPERATOR,
    "show_new_times": _OPERATOR,
    "reschedule_appointment": _OPERATOR,
    "repeat_appointment": _OPERATOR,
    "show_class_form": _OPERATOR,
    "plan_class": _OPERATOR,
    "show_class": _OPERATOR,
    "move_class": _OPERATOR,
    "change_class_capacity": _OPERATOR,
    "cancel_class": _OPERATOR,
    "show_booking_desk": _OPERATOR,
    "book_at_desk": _OPERATOR,
    # the team and the location
    "show_team": _OPERATOR,
    "show_new_team_member": _ADMINISTRATOR,
    "create_team_member": _ADMINISTRATOR,
    "show_team_member": _OPERATOR,
    "change_team_member": _ADMINISTRATOR,
    "add_time_off": _ADMINISTRATOR,
    "remove_time_off": _ADMINISTRATOR,
    "show_location_settings": _ADMINISTRATOR,
    "change_location": _ADMINISTRATOR,
    # sales
    "show_sales": _OPERATOR,
    "show_new_sale": _OPERATOR,
    "make_new_sale": _OPERATOR,
    "show_sale": _OPERATOR,
    "show_refund": _OPERATOR,
    "refund_sale": _OPERATOR,
    "show_visit_sale": _OPERATOR,
    "sell_for_visit": _OPERATOR,
    "undo_payment": _OPERATOR,
    # membership types
    "show_membership_types": _OPERATOR,
    "show_new_membership_type": _ADMINISTRATOR,
    "create_membership_type": _ADMINISTRATOR,
    "show_membership_type": _OPERATOR,
    "change_membership_type": _ADMINISTRATOR,
    # who works here
    "show_staff": _OWNER,
    "add_staff": _OWNER,
    "remove_staff": _OWNER,
    "show_audit": _OWNER,
    "show_event_log": _OWNER,
    "follow_event_log": _OWNER,
}
