"""Freezes that end by themselves, as a local day begins."""

from clocks import Clocks, Times
from contracts.base import derive_id
from membership import store
from membership.announcements import announce
from membership.domain.freezing import unfreeze_due
from membership.domain.wallets import Wallets
from messaging import Work


def unfreeze_all_due(work: Work, wallets: Wallets, times: Times) -> None:
    """Unfreeze what is due in these wallets, before anything else is decided about them."""
    for membership_id, wallet in wallets.by_membership.items():
        membership = wallet.memberships[membership_id]
        if membership.frozen_until is None:
            continue
        now = times.at(membership.chain_id, work.now)
        if unfrozen := unfreeze_due(wallets, membership, now):
            cause = derive_id(membership_id, "unfreeze", ordinal=membership.revision)
            work.publish(announce(unfrozen, now, wallets), cause=cause)


async def end_freezes(work: Work, clocks: Clocks, *, at_most: int) -> int:
    """Unfreeze memberships whose last frozen day is over; return how many were found."""
    transaction = work.transaction
    found = await store.find_frozen_too_long(transaction, sandboxes=clocks.enabled, at_most=at_most)
    if not found:
        return 0
    wallets = await store.lock_and_load(transaction, store.Keys(memberships=set(found)))
    times = await clocks.read(transaction, set(found.values()))
    unfreeze_all_due(work, wallets, times)
    await store.save(transaction, wallets)
    return len(found)
