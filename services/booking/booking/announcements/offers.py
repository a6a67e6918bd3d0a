"""What is offered, as callers see it."""

from uuid import UUID

from booking.domain.catalogue import Event, Location, Service, TeamMember
from contracts.booking import WorkingHours
from contracts.booking_views import EventView, LocationView, ServiceView, TeamMemberView
from contracts.values import Money


def location_view(location: Location) -> LocationView:
    """Return a location."""
    return LocationView(
        location_id=location.location_id,
        chain_id=location.chain_id,
        name=location.name,
        time_zone=location.time_zone,
        currency=location.currency,
        region=location.region,
    )


def service_view(service: Service, currency: str) -> ServiceView:
    """Return a service; `currency` is its location's."""
    return ServiceView(
        service_id=service.service_id,
        location_id=service.location_id,
        name=service.name,
        kind=service.kind,
        duration_minutes=service.duration_minutes,
        price=Money(amount=service.price, currency=currency),
        membership_booking=service.membership_booking,
        automatic_debiting=service.automatic_debiting,
        free_cancellation_hours=service.free_cancellation_hours,
    )


def team_member_view(team_member: TeamMember) -> TeamMemberView:
    """Return a team member."""
    return TeamMemberView(
        team_member_id=team_member.team_member_id,
        location_id=team_member.location_id,
        name=team_member.name,
        service_ids=tuple(sorted(team_member.service_ids)),
        working_hours=tuple(
            WorkingHours(weekday=hours.weekday, opens=hours.opens, closes=hours.closes)
            for hours in team_member.working_hours
        ),
    )


def event_view(event: Event, services: dict[UUID, Service]) -> EventView:
    """Return an event; `services` has at least its own."""
    return EventView(
        event_id=event.event_id,
        location_id=event.location_id,
        service_id=event.service_id,
        service_name=services[event.service_id].name,
        team_member_id=event.team_member_id,
        start=event.start,
        end=event.end,
        capacity=event.capacity,
        spots_taken=event.spots_taken,
    )
