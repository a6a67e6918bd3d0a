"""What people ask to be done with issued memberships, in the words of the domain."""

from datetime import datetime
from typing import TypeAlias

from contracts.membership import (
    AdjustMembership,
    ExtendMembership,
    FreezeMembership,
    ShareMembership,
    UnfreezeMembership,
    UnshareMembership,
    VoidMembership,
)
from membership.domain.adjusting import Adjust, Extend, Void
from membership.domain.freezing import Freeze, Unfreeze
from membership.domain.history import Actor
from membership.domain.managing import Management
from membership.domain.sharing import Share, Unshare

ManagingCommand: TypeAlias = (
    FreezeMembership
    | UnfreezeMembership
    | ShareMembership
    | UnshareMembership
    | ExtendMembership
    | AdjustMembership
    | VoidMembership
)


def managing(command: ManagingCommand, at: datetime, by: Actor | None) -> Management:
    """Return what somebody asks for; freezes count as of `at`, when it was submitted."""
    membership_id, chain_id = command.membership_id, command.chain_id
    match command:
        case FreezeMembership():
            return Freeze(membership_id, chain_id, at, command.freeze.until, by)
        case UnfreezeMembership():
            return Unfreeze(membership_id, chain_id, at, by)
        case ShareMembership():
            return Share(membership_id, chain_id, command.shared_client.client_id, by)
        case UnshareMembership():
            return Unshare(membership_id, chain_id, command.shared_client_id, by)
        case _:
            return _amending(command, by)


def _amending(
    command: ExtendMembership | AdjustMembership | VoidMembership, by: Actor | None
) -> Extend | Adjust | Void:
    membership_id, chain_id = command.membership_id, command.chain_id
    match command:
        case ExtendMembership(extension=form):
            return Extend(membership_id, chain_id, form.expires_on, form.reason, by)
        case VoidMembership(void=form):
            return Void(membership_id, chain_id, form.reason, form.force, by)
        case AdjustMembership(adjustment=form):
            return Adjust(
                membership_id,
                chain_id,
                command.adjustment_id,
                form.sessions,
                form.reason,
                form.bucket_id,
                form.force,
                by,
            )
