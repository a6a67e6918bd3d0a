"""Reports that people look at: sessions sold, used, expiring, and what was not debited."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Annotated, Final, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from contracts.reply import Problem
from contracts.report_views import FiguresOfDay, SessionCounts, SessionsReport
from gateway.pages.desk import Desk
from gateway.pages.plots import NARROW, WIDE, Place, Plot, Series, bars
from gateway.pages.rendering import decimals_of
from web.problems import ProblemError, invalid_field

_PATH: Final = "/{location_id:uuid}/reports"
_PRESETS: Final = (7, 30, 90)
_USUAL: Final = timedelta(days=29)
_MOST_SINGLE_DAYS: Final = 62
_COLUMNS: Final = (
    *("sold", "memberships_sold", "unlimited_memberships_sold", "used", "used_automatically"),
    *("expired", "not_debited", "shortfall"),
)

From = Annotated[str, QueryParameter(name="from")]


class Span(NamedTuple):
    """Dates that a report is of, both ends among them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


class Row(NamedTuple):
    """The counts of a date, or of the dates of a week as far as they were asked for."""

    first: date
    last: date
    counts: SessionCounts

    @property
    def name(self) -> str:
        """How the row is called: "Mon 2 March 2026", or "2 to 8 March 2026"."""
        if self.first == self.last:
            return f"{self.first:%a} {self.first.day} {self.first:%B %Y}"
        month = "" if self.first.month == self.last.month else f" {self.first:%B}"
        return f"{self.first.day}{month} to {self.last.day} {self.last:%B %Y}"

    @property
    def label(self) -> str:
        """How it is called where there is little room."""
        return f"{self.first.day} {self.first:%b}"


class Pictures(NamedTuple):
    """A plot for wide pages and one for narrow ones; `is_empty` if there is nothing to see."""

    wide: Plot
    narrow: Plot
    is_empty: bool


@get(_PATH)
async def show_reports(
    desk: NamedDependency[Desk], from_: From = "", until: FromQuery[str] = ""
) -> Response[str]:
    """Show the figures of some dates, as tiles, plots and tables."""
    try:
        report = await _report(desk, _span(from_, until))
    except ProblemError as refused:
        return _page(desk, await _report(desk, None), (from_, until), refused.problem)
    return _page(desk, report)


@get(_PATH + ".csv")
async def download_report(
    desk: NamedDependency[Desk], from_: From = "", until: FromQuery[str] = ""
) -> Response[str]:
    """Return the figures of each date, for spreadsheets."""
    report = await _report(desk, _span(from_, until))
    name = f"sessions-{report.first_date}-{report.last_date}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response("".join(_lines(report)), media_type="text/csv", headers=headers)


async def _report(desk: Desk, span: Span | None) -> SessionsReport:
    """Return the report of these dates, or of 30 up to the chain's today: a sandbox has its own."""
    if span is not None:
        return await _ask(desk, span)
    today = datetime.now(UTC).astimezone(desk.zone).date()
    found = await _ask(desk, Span(today - _USUAL, today))
    if found.today == today:
        return found
    return await _ask(desk, Span(found.today - _USUAL, found.today))


async def _ask(desk: Desk, span: Span) -> SessionsReport:
    query = {"from": span.first, "until": span.last}
    path = f"/v1/locations/{desk.location_id}/reports/sessions"
    return await desk.api.get(path, SessionsReport, **query)


def _span(first: str, last: str) -> Span | None:
    """Return the dates that were typed; raises 400 for what is none."""
    if not first and not last:
        return None
    return Span(_date("from", first), _date("until", last))


def _date(name: str, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise invalid_field(name, "Give a date, such as 2026-03-02.") from None


def _page(
    desk: Desk,
    report: SessionsReport,
    typed: tuple[str, str] | None = None,
    problem: Problem | None = None,
) -> Response[str]:
    span = Span(report.first_date, report.last_date)
    rows = rows_of(report.days)
    places = [Place(row.label, row.name) for row in rows]
    counted = [row.counts for row in rows]
    automatic = [one.used_automatically for one in counted]
    by_hand = [one.used - one.used_automatically for one in counted]
    expiring = [Row(one.date, one.date, SessionCounts()) for one in report.expiring]
    return desk.page(
        "office/reports.html",
        status=problem.status if problem else 200,
        report=report,
        rows=rows,
        is_weekly=any(row.first != row.last for row in rows),
        span=span,
        typed=typed or (span.first.isoformat(), span.last.isoformat()),
        presets=[
            (days, _preset(report.today, days), span == _preset(report.today, days))
            for days in _PRESETS
        ],
        used=_pictures(
            places,
            Series("automatically", "automatic", automatic),
            Series("by hand", "by-hand", by_hand),
        ),
        sold=_pictures(places, Series("sold", "sold", [one.sold for one in counted])),
        not_debited=_pictures(
            places, Series("not debited", "failed", [one.not_debited for one in counted])
        ),
        expiring=_pictures(
            [Place(row.label, row.name) for row in expiring],
            Series("sessions expire", "expiring", [one.sessions for one in report.expiring]),
        ),
        expiring_soon=sum(one.sessions for one in report.expiring),
        memberships_expiring=sum(one.memberships for one in report.expiring),
        problem=problem,
    )


def _preset(today: date, days: int) -> Span:
    return Span(today - timedelta(days=days - 1), today)


def rows_of(days: Sequence[FiguresOfDay]) -> list[Row]:
    """Return a row a date, or a row a week where those would be too many to see."""
    if len(days) <= _MOST_SINGLE_DAYS:
        return [Row(day.date, day.date, day) for day in days]
    weeks: dict[date, list[FiguresOfDay]] = {}
    for day in days:
        weeks.setdefault(day.date - timedelta(days=day.date.weekday()), []).append(day)
    return [Row(week[0].date, week[-1].date, _summed(week)) for week in weeks.values()]


def _summed(days: Sequence[FiguresOfDay]) -> SessionCounts:
    names = SessionCounts.model_fields
    return SessionCounts(**{name: sum(getattr(day, name) for day in days) for name in names})


def _pictures(places: Sequence[Place], *series: Series) -> Pictures:
    is_empty = not any(any(each.values) for each in series)
    return Pictures(bars(places, series, WIDE), bars(places, series, NARROW), is_empty)


def _lines(report: SessionsReport) -> Iterator[str]:
    """Give the lines of the table; amounts are in units of the currency, with a point."""
    digits = decimals_of(report.currency)
    line = StringIO()
    writer = csv.writer(line)
    for row in (
        ("date", *_COLUMNS, f"owed_{report.currency}"),
        *(
            (
                day.date,
                *(getattr(day, name) for name in _COLUMNS),
                f"{day.owed.amount / 10**digits:.{digits}f}",
            )
            for day in report.days
        ),
    ):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
