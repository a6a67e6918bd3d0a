"""Register clients."""

from collections.abc import Sequence

from booking.announcements.clients import client_view
from booking.commands.asked import Asked, answering
from booking.commands.phones import phone_number
from booking.domain.clients import Client
from booking.domain.refusals import Refusal, unknown
from booking.store import catalogue, clients
from booking.store.clients import Number
from contracts.booking import ChangeClient, RegisterClient
from messaging import Work


async def register_clients(work: Work, asked: Sequence[Asked[RegisterClient]]) -> None:
    """Enter clients. A number that the chain knows is refused, naming nobody (rule G8)."""
    regions = await catalogue.regions(work.transaction, {each.body.chain_id for each in asked})
    numbers: dict[Number, Asked[RegisterClient]] = {}
    for each in asked:
        with answering(work, each):
            number = number_in_chain(each, regions.get(each.body.chain_id))
            if numbers.setdefault(number, each) is not each:
                raise known_already()
    added = await clients.add(
        work.transaction,
        {
            number: Client(each.body.client_id, each.body.client.name, (number[1],))
            for number, each in numbers.items()
        },
    )
    for (chain_id, phone), each in numbers.items():
        with answering(work, each):
            if each.body.client_id not in added:
                raise known_already()
            client = Client(each.body.client_id, each.body.client.name, (phone,))
            view = client_view(chain_id, client)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)


def number_in_chain(
    asked: Asked[RegisterClient] | Asked[ChangeClient], regions: catalogue.Regions | None
) -> Number:
    """Return the number in its chain; without a region it is one of the asking location's."""
    command = asked.body
    if regions is None or not asked.principal.reaches(command.chain_id):
        raise unknown(f"chain {command.chain_id}")
    region = command.client.region or regions.of(asked.principal.location_id)
    return command.chain_id, phone_number(command.client.phone, region)


def known_already() -> Refusal:
    """Return the refusal of a number that somebody else has; it names nobody (rule G8)."""
    return Refusal("conflict", "A client of the chain has this phone number already.")
