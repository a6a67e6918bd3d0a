"""Services that were merged: what covered one of them covers all of them."""

from collections.abc import Sequence

from membership import store
from membership.domain.merging import Merge, is_known, merge
from messaging import Work


async def merge_services(work: Work, merges: Sequence[Merge]) -> None:
    """Let old ids mean the merged services.

    Whoever asks for sessions says it too, which may be heard before booking says it to all.
    """
    if not merges:
        return
    ids = {service_id for one in merges for service_id in one.all_ids}
    known = await store.load_merged(work.transaction, ids)
    if all(is_known(known, one) for one in merges):
        return
    known = await store.lock_and_load_merged(work.transaction, ids)
    for one in merges:
        known = merge(known, one)
    await store.save_merged(work.transaction, known)
