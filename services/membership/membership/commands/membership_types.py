"""Membership types: what is sold from now on."""

from collections.abc import Sequence
from uuid import UUID

from contracts.problems import NOT_FOUND
from membership import store
from membership.domain.memberships import MembershipType
from messaging import Work


async def create_membership_types(work: Work, types: Sequence[MembershipType]) -> None:
    """Offer membership types from now on."""
    await store.save_types(work.transaction, types)


async def change_membership_types(
    work: Work, changes: Sequence[tuple[UUID, MembershipType]]
) -> None:
    """Replace membership types, each because of its command; what was issued is not touched."""
    ids = {kind.membership_type_id for _, kind in changes}
    known = await store.load_types(work.transaction, ids)
    changed: list[MembershipType] = []
    for command_id, kind in changes:
        before = known.get(kind.membership_type_id)
        if before is None or before.chain_id != kind.chain_id:
            work.refuse(command_id, NOT_FOUND.problem("There is no such membership type here."))
        else:
            changed.append(kind)
    await store.save_types(work.transaction, changed)
