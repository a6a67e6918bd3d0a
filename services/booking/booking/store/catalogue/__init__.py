"""What is offered: chains, categories, locations, services, team members, events."""

from booking.store.catalogue.chains import (
    add_categories,
    add_chains,
    categories,
    categories_of,
    chains,
)
from booking.store.catalogue.events import add_events, change_events, events
from booking.store.catalogue.locations import (
    Regions,
    add_locations,
    change_locations,
    locations,
    locations_of,
    regions,
)
from booking.store.catalogue.merging import aliases_of, save_aliases
from booking.store.catalogue.services import (
    add_services,
    change_services,
    services,
    services_at,
)
from booking.store.catalogue.team_members import (
    add_team_members,
    change_team_members,
    perform_too,
    team_members,
    team_members_at,
)

__all__ = [
    "Regions",
    "add_categories",
    "add_chains",
    "add_events",
    "add_locations",
    "add_services",
    "add_team_members",
    "aliases_of",
    "categories",
    "categories_of",
    "chains",
    "change_events",
    "change_locations",
    "change_services",
    "change_team_members",
    "events",
    "locations",
    "locations_of",
    "perform_too",
    "regions",
    "save_aliases",
    "services",
    "services_at",
    "team_members",
    "team_members_at",
]
