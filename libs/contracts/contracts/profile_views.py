"""A client's profile: what all services know of one client, put together at the public edge."""

from contracts.base import Value
from contracts.booking_views import AppointmentPage, ClientView
from contracts.membership_views import MembershipList
from contracts.sales_views import DebtList, SaleList


class ClientProfile(Value):
    """A client with memberships (own and shared, rule S4), newest appointments, debts and sales."""

    client: ClientView
    memberships: MembershipList
    appointments: AppointmentPage
    debts: DebtList
    sales: SaleList
