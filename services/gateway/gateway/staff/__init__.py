"""Who works in the back office: accounts, passwords, sessions, and the list of what they did."""

from gateway.staff.accounts import Grant, StaffList, StaffMember
from gateway.staff.audit import AuditEntry, AuditList, Place, audited
from gateway.staff.roles import StaffRole
from gateway.staff.sessions import SESSION_HOURS, Sessions, SignedIn
from gateway.staff.sign_in import Opened, SignInRefused, signed_in

__all__ = [
    "SESSION_HOURS",
    "AuditEntry",
    "AuditList",
    "Grant",
    "Opened",
    "Place",
    "Sessions",
    "SignInRefused",
    "SignedIn",
    "StaffList",
    "StaffMember",
    "StaffRole",
    "audited",
    "signed_in",
]
