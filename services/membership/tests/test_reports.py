"""Reports of a location: every figure is what the ledger says."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from contracts.booking import ServicesMerged
from contracts.membership import AdjustMembership, UndoDebit
from contracts.report_views import SessionCounts, SessionsCounted
from contracts.values import Appointment
from membership import queries
from web import Principal, Role

from .life import adjusting, freezing, voiding
from .reading import rows_read
from .studio import Studio, as_, cancellation_of, debit_of, start_of, status_of, undoing_of

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def today() -> date:
    return datetime.now(BERLIN).date()


async def report(
    http: httpx.AsyncClient, studio: Studio, first: date, last: date, **query: Any
) -> SessionsCounted:
    answer = await ask(http, studio, {"from": first, "until": last, **query})
    assert answer.status_code == 200, answer.text
    return SessionsCounted.model_validate_json(answer.content)


async def ask(
    http: httpx.AsyncClient,
    studio: Studio,
    query: dict[str, Any],
    principal: Principal | None = None,
) -> httpx.Response:
    usual = {"chain_id": studio.chain_id, "time_zone": "Europe/Berlin"}
    params = {name: str(value) for name, value in (usual | query).items()}
    path = f"/locations/{studio.location_id}/reports/sessions"
    return await http.get(path, params=params, headers=as_(studio, principal))


def on(plan: Appointment, day: date, hour: int = 12) -> Appointment:
    """The same appointment, at an hour in Berlin."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN).astimezone(UTC)
    return plan.model_copy(update={"start": start, "end": start + timedelta(hours=1)})


async def date_sale(
    studio: Studio, membership_id: UUID, issued_at: datetime, expires_on: date | None = None
) -> None:
    """Let a membership be an old one."""
    await studio.database.pool.execute(
        "UPDATE memberships SET issued_at = $2, expires_on = $3 WHERE membership_id = $1",
        membership_id,
        issued_at,
        expires_on,
    )


def counts(**others: int) -> SessionCounts:
    return SessionCounts(**others)


def counts_of(found: SessionsCounted) -> dict[date, SessionCounts]:
    """Return the dates on which there was anything."""
    each = {day.date: counts(**day.model_dump(exclude={"date"})) for day in found.days}
    return {day: one for day, one in each.items() if one != counts()}


async def test_what_was_sold_is_counted_on_the_local_date_of_the_sale(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    ten = await studio.membership_type(sessions=10, name="Ten")
    month = await studio.membership_type(sessions=None, name="Month")
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN).astimezone(UTC)  # the day has 23 hours
    for kind, at in (
        (ten, midnight - timedelta(seconds=1)),
        (ten, midnight),
        (month, midnight + timedelta(hours=22, minutes=59)),
        (ten, midnight + timedelta(hours=23)),
    ):
        sold = studio.sold(uuid4(), kind)
        await studio.hear(sold)
        await studio.database.pool.execute(
            "UPDATE memberships SET issued_at = $2 WHERE sale_id = $1", sold.sale_id, at
        )
    found = await report(http, studio, date(2026, 3, 29), date(2026, 3, 29))
    day = counts(memberships_sold=2, unlimited_memberships_sold=1, sold=10)
    assert counts_of(found) == {date(2026, 3, 29): day}
    assert found.total == day
    assert [(one.name, one.memberships_sold, one.sold) for one in found.by_membership_type] == [
        ("Month", 1, 0),
        ("Ten", 1, 10),
    ]


async def test_what_was_used_is_counted_on_the_date_of_the_appointment_until_it_is_given_back(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    await studio.membership(anna, name="Eight")
    then = today() - 3 * DAY
    automatic = on(studio.appointment(anna, spots=2), then)
    by_hand = on(studio.appointment(anna, automatic=False), then)
    await studio.hear(start_of(automatic), status_of(by_hand, "arrived"), start_of(by_hand))
    await studio.hear(debit_of(by_hand))
    found = await report(http, studio, then, then)
    assert counts_of(found) == {then: counts(used=3, used_automatically=2)}
    assert [(one.service_id, one.used, one.used_automatically) for one in found.by_service] == [
        (studio.service_id, 3, 2)
    ]
    assert [(one.name, one.sold, one.used) for one in found.by_membership_type] == [("Eight", 0, 3)]
    await studio.ask(undoing_of(automatic))
    found = await report(http, studio, then - DAY, then + DAY)
    assert counts_of(found) == {then: counts(used=1)}


async def test_what_nobody_debited_is_listed_until_something_pays_it(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    short, late = (on(studio.appointment(anna, spots=2), today(), hour) for hour in (0, 1))
    await studio.membership(anna, sessions=1)
    await studio.hear(start_of(short))
    await studio.hear(start_of(late))
    found = await report(http, studio, today(), today())
    [day] = [counts_of(found)[today()]]
    assert (day.used, day.not_debited, day.shortfall) == (1, 2, 3)
    assert [(one.appointment_id, one.shortfall) for one in found.not_debited] == [
        (short.appointment_id, 1),
        (late.appointment_id, 2),
    ]
    assert {one.visit_id for one in found.not_debited} == {short.visit_id, late.visit_id}
    await studio.membership(anna)
    await studio.hear(debit_of(late))
    found = await report(http, studio, today(), today())
    assert [one.appointment_id for one in found.not_debited] == [short.appointment_id]


async def test_what_is_left_expires_after_the_last_date_and_is_announced_before(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    now, until = datetime.now(UTC), today()
    days = {-2: "over", -1: "yesterday", 0: "today", 30: "last", 31: "later"}
    for days_left, name in days.items():
        membership_id = await studio.membership(uuid4(), sessions=5, name=name)
        await date_sale(studio, membership_id, now - 90 * DAY, until + days_left * DAY)
    for name, sessions in (("unlimited", None), ("frozen", 4), ("voided", 4)):
        ended = await studio.membership(uuid4(), sessions=sessions, name=name)
        await date_sale(studio, ended, now - 90 * DAY, until + 3 * DAY)
        if name != "unlimited":
            await studio.ask((freezing if name == "frozen" else voiding)(studio, ended))
    found = await report(http, studio, until - DAY, until + 60 * DAY)
    assert counts_of(found) == {until - DAY: counts(expired=5)}
    expiring = {day.date: (day.memberships, day.sessions) for day in found.expiring}
    assert list(expiring) == [until + day * DAY for day in range(31)]
    assert {day: what for day, what in expiring.items() if what != (0, 0)} == {
        until: (1, 5),
        until + 3 * DAY: (1, 0),
        until + 30 * DAY: (1, 5),
    }
    listed = [(one.name, one.sessions) for one in found.expiring_memberships]
    assert listed == [("today", 5), ("unlimited", None), ("last", 5)]


async def test_a_session_that_comes_back_too_late_is_expired_with_the_others(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna, yesterday = uuid4(), today() - DAY
    membership_id = await studio.membership(anna, sessions=5)
    plan = on(studio.appointment(anna), yesterday)
    await studio.hear(start_of(plan))
    await date_sale(studio, membership_id, plan.start - 90 * DAY, yesterday)
    assert (await report(http, studio, yesterday, yesterday)).total.expired == 4
    await studio.hear(cancellation_of(plan))
    assert await studio.balances(membership_id) == (0, 0, 1)
    assert (await report(http, studio, yesterday, yesterday)).total.expired == 5


async def test_services_that_were_merged_are_counted_as_the_one_that_is_left(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna, left = uuid4(), uuid4()
    await studio.membership(anna)
    await studio.hear(start_of(on(studio.appointment(anna), today())))
    merge = ServicesMerged(
        service_id=left,
        location_id=studio.location_id,
        chain_id=studio.chain_id,
        merged_service_ids=(studio.service_id,),
    )
    await studio.hear(merge)
    [use] = (await report(http, studio, today(), today())).by_service
    assert (use.service_id, use.used) == (left, 1)


async def test_every_date_has_a_row_and_a_year_is_the_most(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    first = date(2027, 3, 1)
    found = await report(http, studio, first, date(2028, 2, 29))
    assert [day.date for day in found.days] == [first + day * DAY for day in range(366)]
    assert counts_of(found) == {}


async def test_a_report_reads_what_is_of_its_dates_however_much_there_is(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = on(studio.appointment(anna), today())
    await studio.hear(start_of(plan))
    await fill(studio, membership_id, plan.appointment_id, days=3000)
    week = queries.Range(
        studio.chain_id, studio.location_id, today() - 6 * DAY, today(), "Europe/Berlin"
    )
    read = await rows_read(studio, lambda transaction: queries.sessions_report(transaction, week))
    # 7 of 3000 days of settlements and sales, 7 and 31 of what expires, each with its bucket.
    assert 50 < read < 300


async def fill(studio: Studio, membership_id: UUID, appointment_id: UUID, *, days: int) -> None:
    """Let there be more like these: one sold, expired and used on each of the days before."""
    await studio.database.pool.execute(
        """
        INSERT INTO settlements
        SELECT made.*
        FROM settlements AS settlement CROSS JOIN generate_series(1, $2::integer) AS day
        CROSS JOIN LATERAL jsonb_populate_record(settlement, jsonb_build_object(
            'appointment_id', gen_random_uuid(), 'start', settlement.start - day * interval '1 day'
        )) AS made
        WHERE settlement.appointment_id = $1
        """,
        appointment_id,
        days,
    )
    await studio.database.pool.execute(
        """
        INSERT INTO memberships
        SELECT made.*
        FROM memberships AS membership CROSS JOIN generate_series(1, $2::integer) AS day
        CROSS JOIN LATERAL jsonb_populate_record(membership, jsonb_build_object(
            'membership_id', md5(day::text)::uuid, 'sale_id', gen_random_uuid(),
            'issued_at', membership.issued_at - day * interval '1 day',
            'expires_on', current_date - day + $2::integer / 2
        )) AS made
        WHERE membership.membership_id = $1
        """,
        membership_id,
        days,
    )
    await studio.database.pool.execute(
        """
        INSERT INTO buckets
        SELECT made.*
        FROM buckets AS bucket CROSS JOIN generate_series(1, $2::integer) AS day
        CROSS JOIN LATERAL jsonb_populate_record(bucket, jsonb_build_object(
            'bucket_id', gen_random_uuid(), 'membership_id', md5(day::text)::uuid
        )) AS made
        WHERE bucket.membership_id = $1
        """,
        membership_id,
        days,
    )
    await studio.database.pool.execute("ANALYZE")


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2027-03-01", "until": "2028-03-01"}, "until"),
        ({"from": "2027-03-01", "until": "2027-02-28"}, "until"),
        ({"from": "1969-12-31", "until": "1970-01-01"}, "from"),
        ({"from": "2999-12-31", "until": "3000-01-01"}, "until"),
        ({"until": "2027-03-01"}, "from"),
        ({"from": "2027-03-01", "until": "2027-03-01", "time_zone": "Berlin"}, "time_zone"),
        ({"from": "2027-03-01", "until": "2027-03-01", "time_zone": "../x"}, "time_zone"),
    ],
)
async def test_a_wrong_range_is_named(
    studio: Studio, http: httpx.AsyncClient, query: dict[str, str], field: str
) -> None:
    answer = await ask(http, studio, query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_report_is_for_the_people_of_the_location(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    await studio.membership(anna)
    await studio.hear(start_of(on(studio.appointment(anna), today())))
    query = {"from": today(), "until": today()}
    for role in (Role.WIDGET, Role.CLIENT):
        assert (await ask(http, studio, query, studio.principal(role))).status_code == 403
    stranger = studio.principal(Role.GATEWAY, chain_id=uuid4())
    assert (await ask(http, studio, query, stranger)).status_code == 404
    for theirs in ({"chain_id": stranger.chain_id}, {"chain_id": uuid4()}):
        # Who says that the location is in another chain is shown nothing of it.
        answer = await ask(http, studio, query | theirs, stranger)
        if answer.status_code == 200:
            assert counts_of(SessionsCounted.model_validate_json(answer.content)) == {}
    desk = studio.operator.model_copy(update={"location_id": uuid4()})
    assert (await ask(http, studio, query, desk)).status_code == 404
    assert (await ask(http, studio, query, studio.principal(Role.READER))).status_code == 200


class History:
    """Whatever can happen to sessions, at two locations, by chance."""

    def __init__(self, studio: Studio, chance: Random) -> None:
        self.studio = studio
        self.chance = chance
        self.clients = [uuid4() for _ in range(6)]
        self.locations = (studio.location_id, uuid4())
        self.plans: list[Appointment] = []
        self.memberships: list[UUID] = []
        self.first = today() - 20 * DAY

    async def happen(self) -> None:
        """Sell memberships, and let appointments begin, be debited, undone and cancelled."""
        kinds = [await self.studio.membership_type(sessions=sessions) for sessions in (2, 9, None)]
        for _ in range(30):
            await self._sell(self.chance.choice(kinds))
        for _ in range(60):
            await self._begin()
        for _ in range(50):
            await self._change(self.chance.choice(self.plans))
        for membership_id in self.chance.sample(self.memberships, 4):
            await self.studio.ask(self._adjust(membership_id))

    async def _sell(self, kind: UUID) -> None:
        location = self.chance.choice(self.locations)
        sold = self.studio.sold(self.chance.choice(self.clients), kind)
        await self.studio.hear(sold.model_copy(update={"location_id": location}))
        membership_id = await self.studio.database.pool.fetchval(
            "SELECT membership_id FROM memberships WHERE sale_id = $1", sold.sale_id
        )
        at = datetime.now(UTC) - self.chance.randint(0, 24 * 25) * timedelta(hours=1)
        expiry = self.chance.choice([None, today() + self.chance.randint(-15, 15) * DAY])
        await date_sale(self.studio, membership_id, at, expiry)
        self.memberships.append(membership_id)

    async def _begin(self) -> None:
        day = self.first + self.chance.randint(0, 20) * DAY
        plan = self.studio.appointment(
            self.chance.choice(self.clients),
            spots=self.chance.randint(1, 3),
            automatic=self.chance.random() < 0.8,
        )
        at = {"location_id": self.chance.choice(self.locations)}
        plan = on(plan, day, self.chance.randint(0, 23)).model_copy(update=at)
        self.plans.append(plan)
        await self.studio.hear(status_of(plan, "arrived"), start_of(plan))

    async def _change(self, plan: Appointment) -> None:
        match self.chance.randint(0, 3):
            case 0:
                await self.studio.hear(cancellation_of(plan))
            case 1:
                await self.studio.hear(debit_of(plan))
            case _:
                await self.studio.ask(self._undo(plan), principal=self._gateway())

    def _undo(self, plan: Appointment) -> UndoDebit:
        return undoing_of(plan, *self.chance.sample(plan.lines, 1))

    def _gateway(self) -> Principal:
        return self.studio.principal(Role.GATEWAY)

    def _adjust(self, membership_id: UUID) -> AdjustMembership:
        return adjusting(self.studio, membership_id, self.chance.randint(1, 3))


async def in_the_ledger(history: History) -> dict[date, Counter[str]]:
    """Count, entry by entry, what a report of the first location must say."""
    studio, here = history.studio, history.locations[0]
    rows = await studio.database.pool.fetch(
        """
        SELECT ledger.*, home_location_id, issued_at, expires_on, granted AS count
        FROM ledger JOIN memberships USING (membership_id) JOIN buckets USING (bucket_id)
        """
    )
    plans = {plan.appointment_id: plan for plan in history.plans}
    found: dict[date, Counter[str]] = {}

    def add(day: date, **counted: int) -> None:
        found.setdefault(day, Counter()).update(counted)

    signs = {"granted": 1, "adjusted": 1, "reversed": 1, "debited": -1, "expired": 0}
    for row in rows:
        is_ours = row["home_location_id"] == here
        if row["kind"] == "granted" and is_ours:
            unlimited = row["count"] is None
            add(
                row["issued_at"].astimezone(BERLIN).date(),
                sold=row["sessions"],
                memberships_sold=1,
                unlimited_memberships_sold=int(unlimited),
            )
        is_over = row["expires_on"] is not None and row["expires_on"] < today()
        if is_ours and is_over and row["count"] is not None:
            add(row["expires_on"], expired=signs[row["kind"]] * row["sessions"])
        if row["kind"] in {"debited", "reversed"}:
            plan = plans[row["appointment_id"]]
            if plan.location_id == here:
                sessions = -signs[row["kind"]] * row["sessions"]
                automatic = sessions if row["automatic"] else 0
                day = plan.start.astimezone(BERLIN).date()
                add(day, used=sessions, used_automatically=automatic)
    return found


@pytest.mark.rule("X1", "S3")
@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_a_report_equals_the_ledger(
    studio: Studio, http: httpx.AsyncClient, seed: int
) -> None:
    history = History(studio, Random(seed))
    await history.happen()
    found = await report(http, studio, today() - 30 * DAY, today() + 20 * DAY)
    figures = ("sold", "memberships_sold", "unlimited_memberships_sold", "used")
    figures = (*figures, "used_automatically", "expired")
    expected = await in_the_ledger(history)
    for day in found.days:
        counted = {name: getattr(day, name) for name in figures}
        assert counted == {name: expected.get(day.date, Counter())[name] for name in figures}
    assert found.total.used > 0
    assert found.total.expired > 0
    assert sum(one.used for one in found.by_service) == found.total.used
    assert sum(one.used for one in found.by_membership_type) == found.total.used
    assert sum(one.sold for one in found.by_membership_type) == found.total.sold
    assert summed(found.days) == found.total


def summed(days: Sequence[SessionCounts]) -> SessionCounts:
    names = SessionCounts.model_fields
    return counts(**{name: sum(getattr(day, name) for day in days) for name in names})
