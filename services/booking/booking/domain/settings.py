"""What the settings of a service and of its location make of each other (rules G2 to G4)."""

from dataclasses import replace
from uuid import UUID

from booking.domain.catalogue import Location, OnlinePayment, PaymentPolicy, Service
from booking.domain.refusals import Refusal


def online_payment(service: Service, location: Location) -> PaymentPolicy:
    """Return whether a service may, or must, be paid when it is booked online."""
    return location.online_payment.of(service.kind) if service.online_prepayment else "off"


def must_agree(service: Service, location: Location) -> None:
    """Refuse "settings-conflict": an individual service paid online has no membership switch (G2).

    Group services may have both (rule G3).
    """
    if (
        service.kind == "individual"
        and service.membership_booking
        and online_payment(service, location) != "off"
    ):
        raise Refusal(
            "settings-conflict",
            'While individual services are paid online here, "Prohibit online booking without a'
            ' membership" and "Online prepayment" cannot both be on. The way out is to duplicate'
            " the service (POST /v1/locations/{location_id}/services/{service_id}/duplicates) and"
            " to turn on one of them in each.",
        )


def follow_policy(service: Service, before: OnlinePayment, after: OnlinePayment) -> Service:
    """Return the service as it is when its location's policy changes (rule G4).

    Where the policy of its kind is turned on, so is its prepayment; individual services with the
    membership switch are left out, and have none.
    """
    if before.of(service.kind) != "off" or after.of(service.kind) == "off":
        return service
    left_out = service.kind == "individual" and service.membership_booking
    return replace(service, online_prepayment=not left_out)


def duplicate(
    service: Service,
    service_id: UUID,
    *,
    name: str | None,
    membership_booking: bool | None,
    online_prepayment: bool | None,
) -> Service:
    """Return a copy of a service with another id, and whatever else is said of it.

    An individual service is duplicated to have the one setting here and the other there (rule
    G2): the one that is turned on for the copy turns the other off, unless that is said, too.
    """
    either = service.kind == "individual"
    return replace(
        service,
        service_id=service_id,
        name=name or service.name,
        membership_booking=service.membership_booking and not (either and online_prepayment)
        if membership_booking is None
        else membership_booking,
        online_prepayment=service.online_prepayment and not (either and membership_booking)
        if online_prepayment is None
        else online_prepayment,
    )
