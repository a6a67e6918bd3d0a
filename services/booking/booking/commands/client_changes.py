"""Change and merge clients; their chain is locked.

One by one: there are few, and each follows from the one before.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from booking.announcements.clients import client_view
from booking.commands.asked import Asked, answering
from booking.commands.clients import known_already, number_in_chain
from booking.domain.clients import Client, merged_ids, must_not_be_erased
from booking.domain.refusals import unknown
from booking.store import catalogue, client_changes, clients
from contracts.booking import ChangeClient, ClientsMerged, EraseClient, MergeClients
from messaging import Work


async def change_clients(work: Work, asked: Sequence[Asked[ChangeClient]]) -> None:
    """Replace names and numbers; memberships and bookings follow the client (rule G8)."""
    regions = await catalogue.regions(work.transaction, {each.body.chain_id for each in asked})
    for each in asked:
        with answering(work, each):
            client = (await within_reach(work, each))[each.body.client_id]
            must_not_be_erased(client)
            name = each.body.client.name
            _, phone = number_in_chain(each, regions.get(each.body.chain_id))
            if not await client_changes.change(work.transaction, client.client_id, name, phone):
                raise known_already()
            _conclude(work, each, replace(client, name=name, phones=(phone,)))


async def merge_clients(work: Work, asked: Sequence[Asked[MergeClients]]) -> None:
    """Make one client of several, and tell whoever keeps their ids.

    Their numbers mean the one who is left, too (rule G8).
    """
    for each in asked:
        with answering(work, each):
            found = await within_reach(work, each, *each.body.merging.client_ids)
            kept = found[each.body.client_id]
            gone = merged_ids(kept, list(found.values()))
            await client_changes.merge(work.transaction, kept.client_id, gone)
            fact = ClientsMerged(
                client_id=kept.client_id,
                chain_id=each.body.chain_id,
                merged_client_ids=tuple(gone),
            )
            work.publish(fact, cause=each.id)
            _conclude(work, each, replace(kept, merged_ids=(*kept.merged_ids, *gone)))


async def within_reach(
    work: Work,
    asked: Asked[ChangeClient] | Asked[MergeClients] | Asked[EraseClient],
    *others: UUID,
) -> dict[UUID, Client]:
    """Return the client who is asked about, and the others; refuse whoever is of elsewhere."""
    chain_id, client_ids = asked.body.chain_id, (asked.body.client_id, *others)
    if not asked.principal.reaches(chain_id):
        raise unknown(f"chain {chain_id}")
    found = await clients.load(work.transaction, chain_id, client_ids)
    for client_id in client_ids:
        if client_id not in found:
            raise unknown(f"client {client_id}")
    return found


def _conclude(work: Work, asked: Asked[ChangeClient] | Asked[MergeClients], client: Client) -> None:
    merged = replace(client, merged_ids=tuple(sorted(client.merged_ids)))
    view = client_view(asked.body.chain_id, merged)
    work.conclude(asked.id, view.model_dump(mode="json"))
