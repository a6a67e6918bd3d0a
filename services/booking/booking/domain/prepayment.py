"""What is paid online when it is booked, and where the client chooses (rules G2 to G4)."""

from booking.domain.catalogue import Location, Service
from booking.domain.refusals import invalid
from booking.domain.settings import online_payment

FIELD = "pay_online"


def pays_online(service: Service, location: Location, choice: bool | None) -> bool:
    """Return whether a client who books online pays this service at once, all of it.

    `choice` is the client's. A group service with the membership switch needs one: pay, or book
    with a membership (rule G3). Elsewhere what is mandatory is paid, and what is optional if the
    client says so. Raises `Refusal` "invalid-request".
    """
    policy = online_payment(service, location) if service.price > 0 else "off"
    if policy == "off":
        return False
    if service.membership_booking:
        if choice is None:
            raise invalid(FIELD, "choose: true pays online, false books with a membership")
        return choice
    if policy == "mandatory" and choice is False:
        raise invalid(FIELD, f"must be true: {service.name} is paid online when it is booked")
    return policy == "mandatory" or choice is True
