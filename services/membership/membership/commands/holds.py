"""Holds without a message that asks for them: those that end by themselves, and plans."""

from collections.abc import Sequence
from datetime import timedelta

from clocks import Clocks
from contracts.base import derive_id
from membership import store
from membership.announcements import announce
from membership.domain.hold_requests import HoldRequest
from membership.domain.holding import HoldsPlaced, HoldsRefused, hold_sessions
from membership.domain.merged_clients import meant
from membership.domain.merging import Merge, extended
from membership.domain.releasing import release_passed
from messaging import Work
from postgres import Transaction


async def release_passed_holds(work: Work, clocks: Clocks, kept: timedelta, *, at_most: int) -> int:
    """Release what was held for visits longer ago than that; return how many clients had such."""
    transaction = work.transaction
    clients = await store.find_passed(transaction, kept, sandboxes=clocks.enabled, at_most=at_most)
    if not clients:
        return 0
    wallets = await store.lock_and_load(transaction, store.Keys(clients=clients))
    found = wallets.by_id.values()
    times = await clocks.read(transaction, {one.chain_id for one in found if one.chain_id})
    for wallet in found:
        now = times.at(wallet.chain_id, work.now) if wallet.chain_id else work.now
        for released in release_passed(wallet, kept, now):
            cause = derive_id(released.line_id, "release_passed_hold")
            work.publish(announce(released, now, wallets), cause=cause)
    await store.save(transaction, wallets)
    return len(clients)


async def plan_holds(
    transaction: Transaction, request: HoldRequest, merges: Sequence[Merge] = ()
) -> HoldsPlaced | HoldsRefused:
    """Return what would become of a request that says `merges`; nothing is locked, nor changed."""
    keys = store.Keys(
        clients={request.client_id},
        appointments={line.appointment_id for line in request.lines},
        reschedules={request.reschedule_id} if request.reschedule_id else set(),
    )
    wallets = await store.load(transaction, keys)
    for wallet in wallets.by_id.values():
        for bucket in wallet.buckets.values():
            bucket.service_ids = extended(bucket.service_ids, merges)
    return hold_sessions(wallets, meant(wallets, request))
