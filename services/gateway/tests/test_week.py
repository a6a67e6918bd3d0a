"""The hours of a week in a form: what is shown, what a button fills in, and what is wrong."""

from datetime import time

from contracts.booking import WorkingHours
from contracts.problems import INVALID_REQUEST
from contracts.reply import FieldError
from gateway.pages.forms import Form
from gateway.pages.week import days_of, filled_in, hours_in, in_brief, with_named_days


def hours(weekday: int, opens: int, closes: int) -> WorkingHours:
    return WorkingHours(weekday=weekday, opens=time(opens), closes=time(closes))


def typed(**fields: str) -> Form:
    return Form([(name.replace("_", "-"), value) for name, value in fields.items()])


def test_days_in_a_row_with_the_same_hours_are_one_line() -> None:
    week = days_of([hours(1, 9, 12), hours(2, 14, 18), hours(2, 9, 12), hours(3, 9, 12)])
    assert in_brief(week) == [
        ("Mon", "09:00–12:00"),
        ("Tue", "09:00–12:00, 14:00–18:00"),
        ("Wed", "09:00–12:00"),
    ]
    assert in_brief(days_of([hours(day, 9, 17) for day in range(1, 6)])) == [
        ("Mon–Fri", "09:00–17:00")
    ]


def test_what_is_typed_becomes_hours_and_empty_pairs_nothing() -> None:
    form = typed(opens_1_1="09:00", closes_1_1="12:00", opens_7_0="", closes_7_0="10:00")
    assert hours_in(form) == [
        {"weekday": 1, "opens": "09:00", "closes": "12:00"},
        {"weekday": 7, "opens": "", "closes": "10:00"},
    ]


def test_a_button_has_the_days_until_friday_as_monday_is_and_leaves_the_weekend() -> None:
    form = typed(opens_1_0="09:00", closes_1_0="12:00", opens_6_0="10:00", likewise="yes")
    week = filled_in(form)
    assert week is not None
    assert [day.worked for day in week] == [[("09:00", "12:00")]] * 5 + [[("10:00", "")], []]


def test_a_button_makes_room_for_one_more_break() -> None:
    form = typed(opens_1_0="09:00", closes_1_0="12:00", opens_1_1="13:00", closes_1_1="17:00")
    assert filled_in(form) is None
    roomier = filled_in(Form([("more", "yes"), *_fields_of(form)]))
    assert roomier is not None
    assert [len(day.hours) for day in roomier] == [3, 2, 2, 2, 2, 2, 2]


def test_an_error_in_the_hours_is_said_of_its_weekday() -> None:
    form = typed(opens_2_0="09:00", closes_2_0="12:00", opens_4_0="12:00", closes_4_0="09:00")
    wrong = FieldError(field="working_hours.1", message="closes must be later than opens")
    name = FieldError(field="name", message="Field required")
    problem = with_named_days(INVALID_REQUEST.problem("", errors=[wrong, name]), form)
    assert [each.field for each in problem.errors] == ["day-4", "name"]


def _fields_of(form: Form) -> list[tuple[str, str]]:
    return [
        (f"{what}-{each['weekday']}-{number}", each[what])
        for number, each in enumerate(hours_in(form))
        for what in ("opens", "closes")
    ]
