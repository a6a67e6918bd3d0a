"""What is offered, as callers see it."""

from uuid import UUID

from booking.domain.catalogue import Category, Chain, Event, Location, Service, TeamMember
from booking.domain.settings import online_payment
from contracts.booking import OnlinePayment, WidgetTheme, WorkingHours
from contracts.booking_views import (
    CategoryView,
    ChainView,
    EventView,
    LocationView,
    ServiceView,
    TeamMemberView,
    TimeOffView,
)
from contracts.values import Money


def chain_view(chain: Chain) -> ChainView:
    """Return a chain."""
    return ChainView(chain_id=chain.chain_id, name=chain.name, sandbox=chain.sandbox)


def category_view(category: Category) -> CategoryView:
    """Return a category of services."""
    return CategoryView(
        category_id=category.category_id, chain_id=category.chain_id, name=category.name
    )


def location_view(location: Location) -> LocationView:
    """Return a location."""
    return LocationView(
        location_id=location.location_id,
        chain_id=location.chain_id,
        name=location.name,
        time_zone=location.time_zone,
        currency=location.currency,
        region=location.region,
        online_payment=OnlinePayment(
            individual=location.online_payment.individual, group=location.online_payment.group
        ),
        phone_confirmation=location.phone_confirmation,
        widget_theme=WidgetTheme(
            color=location.widget_theme.color, mode=location.widget_theme.mode
        ),
    )


def service_view(service: Service, location: Location) -> ServiceView:
    """Return a service of a location."""
    return ServiceView(
        service_id=service.service_id,
        location_id=service.location_id,
        name=service.name,
        kind=service.kind,
        duration_minutes=service.duration_minutes,
        price=Money(amount=service.price, currency=location.currency),
        category_id=service.category_id,
        membership_booking=service.membership_booking,
        online_prepayment=service.online_prepayment,
        online_payment=online_payment(service, location),
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
        time_off=tuple(
            TimeOffView(time_off_id=off.time_off_id, start=off.start, end=off.end)
            for off in team_member.time_off
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
        cancelled=event.cancelled,
        series_id=event.series_id,
    )
