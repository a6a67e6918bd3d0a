"""What can be booked online at a location, and who performs it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from contracts.booking_views import (
    AppointmentView,
    CategoryList,
    ServiceList,
    ServiceView,
    TeamMemberList,
    TeamMemberView,
)
from gateway.pages.booking.guest import Guest
from web.problems import not_found

Choice = Literal["", "membership", "studio"]
"""What can be chosen instead of paying online; empty where there is no choice."""

_NO_CATEGORY: Final = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The services and team members of a location, by id, in the order of their names."""

    services: dict[UUID, ServiceView]
    members: dict[UUID, TeamMemberView]

    def chosen(self, ids: Iterable[UUID]) -> list[ServiceView]:
        """Return the services of a wish; raises 404 when one is not offered any more."""
        found = [self.services.get(each) for each in ids]
        if not found or None in found:
            raise not_found("such service here any more")
        return [each for each in found if each]

    def performers(self, services: Iterable[ServiceView]) -> list[TeamMemberView]:
        """Return who performs all of these services."""
        needed = {each.service_id for each in services}
        return [each for each in self.members.values() if needed <= set(each.service_ids)]

    def will_debit(self, appointment: AppointmentView) -> bool:
        """Return whether sessions that would be set aside are debited when it begins."""
        held = [line.service_id for line in appointment.lines if line.membership_id]
        found = [self.services[each] for each in held if each in self.services]
        return appointment.state == "requested" and any(each.automatic_debiting for each in found)

    def name_of(self, member_id: UUID | None) -> str:
        """Return the name of a team member, or nothing."""
        member = self.members.get(member_id) if member_id else None
        return member.name if member else ""


async def catalogue_of(guest: Guest) -> Catalogue:
    """Return the catalogue of a location."""
    services, members = await asyncio.gather(
        guest.api.get(f"{guest.there}/services", ServiceList),
        guest.api.get(f"{guest.there}/team-members", TeamMemberList),
    )
    return Catalogue(
        {each.service_id: each for each in services.services},
        {each.team_member_id: each for each in members.team_members},
    )


async def by_category(
    guest: Guest, services: Iterable[ServiceView]
) -> list[tuple[str, list[ServiceView]]]:
    """Group services by the names of their categories, those without one last."""
    path = f"/v1/chains/{guest.location.chain_id}/categories"
    categories = (await guest.api.get(path, CategoryList)).categories
    names = {each.category_id: each.name for each in categories}
    groups: dict[str, list[ServiceView]] = {}
    for service in services:
        name = names.get(service.category_id) if service.category_id else None
        groups.setdefault(name or _NO_CATEGORY, []).append(service)
    return sorted(groups.items(), key=lambda group: (group[0] == _NO_CATEGORY, group[0]))


def choice_beside_paying(services: Iterable[ServiceView]) -> Choice:
    """Return what a client can choose instead of paying online (rule G3)."""
    priced = [each for each in services if each.price.amount > 0]
    payable = [each for each in priced if each.online_payment != "off"]
    if any(each.membership_booking for each in payable):
        return "membership"
    is_free_to_choose = all(each.online_payment == "optional" for each in payable)
    return "studio" if payable and is_free_to_choose else ""
