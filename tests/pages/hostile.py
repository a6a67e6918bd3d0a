"""A studio in which everything has a name that would be a script, were it not escaped."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from edge import Edge
from journeys import book, later, massage, settled, soon, spots
from phones import new_phone
from studio import Studio, issue_key

NAME: Final = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
"""Breaks out of text, and of attributes in quotes of either kind."""
_ANNA, BEN, _GUS = (f"{name} {NAME}" for name in ("Anna", "Ben", "Gus"))


def hostile_studio(platform: Edge) -> Studio:
    """Open it, with a membership in every state, and with what was debited and what was not."""
    studio = _opened(platform)
    _sell_memberships(studio)
    begins = soon(2)
    yoga = studio.plan_class(begins, capacity=10)
    appointments = [book(studio.operator, studio, who, spots(yoga)) for who in (_ANNA, BEN, _GUS)]
    appointments.append(book(studio.operator, studio, _ANNA, massage(studio, begins)))
    book(studio.operator, studio, _GUS, spots(studio.plan_class(later(), capacity=10)))
    book(studio.operator, studio, BEN, massage(studio, later()))
    for appointment in appointments:
        settled(studio, appointment)
    return studio


def _opened(platform: Edge) -> Studio:
    chain = platform.post("/chains", {"name": f"Chain {NAME}"})["chain_id"]
    # It is noon there, whenever it is opened, so that all of today is of one day.
    zone = ZoneInfo(f"Etc/GMT{datetime.now(UTC).hour - 12:+d}")
    form = {"name": f"Place {NAME}", "time_zone": zone.key, "currency": "EUR", "region": "PT"}
    location = platform.post(f"/chains/{chain}/locations", form)["location_id"]
    operator = Edge(platform.url, issue_key(platform, "operator", chain, location))
    studio = Studio(operator, "Lisbon", zone, chain, location, form)
    platform.post(f"/chains/{chain}/categories", {"name": f"Category {NAME}"})
    studio.yoga = studio.offer(f"Yoga {NAME}", "group", minutes=60, price=1800)
    studio.massage = studio.offer(f"Massage {NAME}", "individual", minutes=45, price=6500)
    studio.masseuse = studio.employ(f"Mira {NAME}", [studio.massage])
    return studio


def _sell_memberships(studio: Studio) -> None:
    for name in (_ANNA, BEN, _GUS):
        studio.enter_client(name, new_phone())
    kind, services = f"Ten {NAME}", [studio.yoga, studio.massage]
    studio.offer_membership(kind, sessions=10, price=5000, services=services, days=30)
    shared, frozen, adjusted = (f"/memberships/{studio.sell(_ANNA, kind)}" for _ in range(3))
    friend = {"client_id": studio.clients[BEN].client_id}
    studio.operator.post(f"{shared}/shared-clients", friend)
    studio.operator.post(f"{frozen}/freeze")
    studio.operator.post(f"{adjusted}/adjust", {"sessions": 1, "reason": f"A gift {NAME}"})
