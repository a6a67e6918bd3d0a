"""Questions: passed on to the service that owns the answer, or put together from several."""

from gateway.queries.clocks import clock_of
from gateway.queries.forecasts import forecast
from gateway.queries.locations import Locations
from gateway.queries.names import clients_of, names_of
from gateway.queries.reading import Reading
from gateway.queries.reports import Dates, sessions_report

__all__ = [
    "Dates",
    "Locations",
    "Reading",
    "clients_of",
    "clock_of",
    "forecast",
    "names_of",
    "sessions_report",
]
