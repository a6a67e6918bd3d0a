"""Which role may call which route: the first line of defence, on one screen.

The owning service decides again, against its own rows. Routes are named by their handlers, which
are the operation ids of the OpenAPI document. Which chain and location a key is for is checked by
`gateway.access.guard`.
"""

from collections.abc import Mapping
from typing import Final

from web.identity import Role

_PLATFORM: Final = frozenset({Role.PLATFORM})
_CHAIN: Final = frozenset({Role.PLATFORM, Role.GATEWAY})
_STAFF: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.OPERATOR})
_READ: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.OPERATOR, Role.READER})
# The owning service looks whether a booking is the client's own.
_CLIENT: Final = frozenset({Role.CLIENT})
_OWN: Final = _STAFF | _CLIENT
_SUBMIT: Final = _OWN | {Role.WIDGET}
_CONFIRM: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.WIDGET})
_EVERYBODY: Final = frozenset(Role)

ROLES: Final[Mapping[str, frozenset[Role]]] = {
    # who may call
    "create_api_key": _PLATFORM,
    "list_api_keys": _PLATFORM,
    "revoke_api_key": _PLATFORM,
    "add_platform_staff": _PLATFORM,
    "list_platform_staff": _PLATFORM,
    "remove_platform_staff": _PLATFORM,
    "add_staff_member": _CHAIN,
    "list_staff": _CHAIN,
    "remove_staff_member": _CHAIN,
    # chains and locations
    "create_chain": _PLATFORM,
    "get_chain": _EVERYBODY,
    "get_clock": _EVERYBODY,
    "set_test_clock": _CHAIN,
    "create_location": _CHAIN,
    "change_location": _STAFF,
    "get_location": _EVERYBODY,
    "list_locations": _READ,
    # the catalogue, which the widget shows
    "create_category": _STAFF,
    "list_categories": _EVERYBODY,
    "create_service": _STAFF,
    "change_service": _STAFF,
    "duplicate_service": _STAFF,
    "merge_services": _CHAIN,
    "list_services": _EVERYBODY,
    "get_service": _EVERYBODY,
    "create_team_member": _STAFF,
    "change_team_member": _STAFF,
    "list_team_members": _EVERYBODY,
    "add_time_off": _STAFF,
    "remove_time_off": _STAFF,
    "create_event": _STAFF,
    "create_event_series": _STAFF,
    "move_event": _STAFF,
    "change_event_capacity": _STAFF,
    "cancel_event": _STAFF,
    "list_events": _EVERYBODY,
    "get_event": _EVERYBODY,
    "list_free_slots": _EVERYBODY,
    "list_free_dates": _EVERYBODY,
    # clients
    "register_client": _STAFF,
    "get_client": _READ,
    "change_client": _STAFF,
    "merge_clients": _STAFF,
    "erase_client": _STAFF,
    "list_appointments": _READ,
    "get_profile": _READ,
    "list_debts": _READ,
    "list_sales_of_client": _READ,
    "search_clients": _READ,
    # bookings
    "forecast_booking": _SUBMIT,
    "submit_booking": _SUBMIT,
    "get_my_bookings": _CLIENT,
    "get_booking": _READ | _CLIENT,
    "get_appointment": _READ | _CLIENT,
    "cancel_appointment": _OWN,
    "reschedule_appointment": _OWN,
    "repeat_appointment": _OWN,
    "set_visit_status": _STAFF,
    "get_calendar": _READ,
    "follow_calendar": _READ,
    # memberships
    "create_membership_type": _STAFF,
    "change_membership_type": _STAFF,
    "list_membership_types": _EVERYBODY,
    "get_membership_type": _EVERYBODY,
    "get_membership": _READ,
    "list_memberships": _READ,
    "freeze_membership": _STAFF,
    "unfreeze_membership": _STAFF,
    "extend_membership": _STAFF,
    "adjust_membership": _STAFF,
    "void_membership": _STAFF,
    "import_membership": _STAFF,
    "share_membership": _STAFF,
    "plan_removal": _READ,
    "unshare_membership": _STAFF,
    "list_issued_memberships": _READ,
    "list_uses": _READ,
    "list_changes": _READ,
    "list_unpaid_visits": _READ,
    "settle_unpaid_visits": _STAFF,
    "get_settlement": _READ,
    "get_explanation": _READ,
    "undo_debit": _STAFF,
    # sales
    "make_sale": _STAFF,
    "list_sales": _READ,
    "get_sale": _READ,
    "refund_sale": _STAFF,
    "propose_sale": _READ,
    "get_bill": _READ,
    "take_payment": _STAFF,
    "undo_payment": _STAFF,
    "debit_visit": _STAFF,
    # its id is told to who booked, by a widget without a confirmed phone among them
    "get_payment": _EVERYBODY,
    # reports
    "get_sessions_report": _READ,
    # phones
    "send_phone_code": _CONFIRM,
    "confirm_phone": _CONFIRM,
    # what became of a command, for the one who asked
    "get_operation": _EVERYBODY,
}
