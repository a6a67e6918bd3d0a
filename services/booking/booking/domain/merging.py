"""Services that become one (rules A11, A17)."""

from collections.abc import Sequence
from dataclasses import replace

from booking.domain.catalogue import Location, Service
from booking.domain.refusals import Refusal, invalid
from booking.domain.settings import must_agree

FIELD = "service_ids"


def merged(service: Service, others: Sequence[Service], location: Location) -> Service:
    """Return a service as it is when `others` are merged into it.

    A switch that one of them has on is on; of the hours of free cancellation the fewest count.
    Name, price, duration and category stay.
    Raises `Refusal` "invalid-request", "conflict" where they are one service already, and
    "settings-conflict" where the switches of all of them contradict each other (rule G2).
    """
    others = [each for each in others if each.service_id != service.service_id]
    if not others:
        raise Refusal("conflict", "These are one service already.")
    if any(each.kind != service.kind for each in others):
        raise invalid(FIELD, f"must all be {service.kind} services, as the one they become")
    together = [service, *others]
    result = replace(
        service,
        membership_booking=any(each.membership_booking for each in together),
        online_prepayment=any(each.online_prepayment for each in together),
        automatic_debiting=any(each.automatic_debiting for each in together),
        free_cancellation_hours=min(each.free_cancellation_hours for each in together),
    )
    must_agree(result, location)
    return result
