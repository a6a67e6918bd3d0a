"""Forget clients: their names and numbers, wherever this service keeps them or has said them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from booking.announcements.clients import client_view
from booking.commands.asked import Asked, answering
from booking.commands.client_changes import within_reach
from booking.commands.phones import typed_somehow
from booking.domain.clients import Client, must_be_erasable
from booking.store import client_changes
from contracts.base import Command
from contracts.booking import ChangeClient, EraseClient, RegisterClient, SubmitBooking
from contracts.topics import CONVERSATION
from messaging import Personal, Work, redact

# As views say them, and commands.
_EMPTIED: Final = {"client_name": "", "name": None, "phone": None}
# What is named in other commands is no client: a team member, or a service.
_COMMANDS: Final = {
    kind for topic in CONVERSATION.topics for kind in topic.types if issubclass(kind, Command)
}
_OF_OTHERS: Final = frozenset(
    each.type for each in _COMMANDS - {RegisterClient, ChangeClient, SubmitBooking}
)


async def erase_clients(work: Work, asked: Sequence[Asked[EraseClient]]) -> None:
    """Erase clients for whom nothing is to come; what was booked, used and paid stays counted.

    Copies are redacted with it, but those that transactions under way still write, and those in
    the topics: `forget_copies`, for the errand that follows.
    """
    erased: list[Client] = []
    for each in asked:
        with answering(work, each):
            client = (await within_reach(work, each))[each.body.client_id]
            if not client.erased:
                chain_id = each.body.chain_id
                standing = await client_changes.standing(work.transaction, chain_id, client)
                must_be_erasable(standing)
                await client_changes.erase(work.transaction, client)
                erased.append(client)
            nobody = replace(client, name=None, phones=(), erased=True)
            view = client_view(each.body.chain_id, nobody)
            work.conclude(each.id, view.model_dump(mode="json"))
    if erased:
        await redact(work, _personal(erased))


async def forget_copies(work: Work, client_ids: Collection[UUID]) -> None:
    """Redact what was written since of clients who were erased."""
    ids = frozenset(client_ids)
    await redact(work, Personal(named_by="client_id", ids=ids, emptied=_EMPTIED))


def _personal(clients: Sequence[Client]) -> Personal:
    return Personal(
        named_by="client_id",
        ids=frozenset(each for client in clients for each in client.ids),
        emptied=_EMPTIED,
        numbers=typed_somehow([phone for client in clients for phone in client.phones]),
        names=_as_words([client.name for client in clients if client.name]),
        others=_OF_OTHERS,
    )


def _as_words(names: Sequence[str]) -> re.Pattern[str]:
    any_of_them = "|".join(map(re.escape, names))
    return re.compile(rf"(?<!\w)(?:{any_of_them})(?!\w)", re.IGNORECASE)
