"""The hours of a week in a form: a row for each weekday, with room for a break."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import groupby
from typing import Any, Final

from contracts.booking import WorkingHours
from contracts.reply import FieldError, Problem
from gateway.pages.forms import Form

_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
USUAL: Final = tuple(
    WorkingHours(weekday=weekday, opens=time(9), closes=time(17)) for weekday in range(1, 6)
)
"""What a form for somebody new begins with."""
_WRONG_HOURS: Final = "Type when it opens and when it closes, which must be later."
_FEWEST: Final = 2
_MOST: Final = 50
"""As many pairs as the API takes for a whole week."""


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday, Monday being 1; `hours` are pairs of opening and closing, as they are typed.

    Pairs that are empty are there to be filled in.
    """

    number: int
    name: str
    hours: tuple[tuple[str, str], ...]

    @property
    def worked(self) -> list[tuple[str, str]]:
        """The pairs that say something."""
        return [pair for pair in self.hours if any(pair)]


def days_of(hours: Sequence[WorkingHours]) -> list[Day]:
    """Return the week of a team member."""
    return [
        _day(
            number,
            [
                (_typed(each.opens), _typed(each.closes))
                for each in sorted(hours, key=lambda each: each.opens)
                if each.weekday == number
            ],
        )
        for number in range(1, 8)
    ]


def in_brief(week: Sequence[Day]) -> list[tuple[str, str]]:
    """Return a week in few lines, like ("Mon–Fri", "09:00–17:00"); days off are left out."""
    lines: list[tuple[str, str]] = []
    for hours, days in groupby(week, key=lambda day: day.worked):
        same = list(days)
        names = dict.fromkeys([same[0].name[:3], same[-1].name[:3]])
        if hours:
            lines.append(("–".join(names), ", ".join("–".join(pair) for pair in hours)))
    return lines


def days_typed(form: Form) -> list[Day]:
    """Return the week as it was typed into a form."""
    return [
        _day(number, [(opens, closes) for day, opens, closes in _pairs(form) if day == number])
        for number in range(1, 8)
    ]


def filled_in(form: Form) -> list[Day] | None:
    """Return the week as a button of the form fills it in, or None if no such one was pressed.

    "likewise" has the days until Friday worked as Monday is, "more" makes room for a break.
    """
    week = days_typed(form)
    if form.has("likewise"):
        return [_day(day.number, week[0].worked) if day.number <= 5 else day for day in week]
    if form.has("more"):
        return [_day(day.number, [*day.worked, ("", "")]) for day in week]
    return None


def hours_in(form: Form) -> list[dict[str, Any]]:
    """Return the working hours of a form, for the API to say what is wrong with them."""
    return [
        {"weekday": weekday, "opens": opens, "closes": closes}
        for weekday, opens, closes in _pairs(form)
    ]


def with_named_days(problem: Problem, form: Form) -> Problem:
    """Return a problem whose errors name the field of a weekday: "working_hours.0" is "day-1"."""
    weekdays = [weekday for weekday, _, _ in _pairs(form)]
    errors = [_named(each, weekdays) for each in problem.errors]
    return problem.model_copy(update={"errors": tuple(errors)})


def _named(error: FieldError, weekdays: Sequence[int]) -> FieldError:
    parts = error.field.split(".")
    if len(parts) < 2 or parts[0] != "working_hours" or not parts[1].isdecimal():
        return error
    return FieldError(field=f"day-{weekdays[int(parts[1])]}", message=_WRONG_HOURS)


def _pairs(form: Form) -> Iterator[tuple[int, str, str]]:
    for weekday in range(1, 8):
        for row in range(_MOST):
            opens = form.text(f"opens-{weekday}-{row}")
            closes = form.text(f"closes-{weekday}-{row}")
            if opens or closes:
                yield weekday, opens, closes


def _day(number: int, hours: Sequence[tuple[str, str]]) -> Day:
    padded = [*hours, *[("", "")] * (_FEWEST - len(hours))]
    return Day(number, _NAMES[number - 1], tuple(padded))


def _typed(at: time) -> str:
    return f"{at:%H:%M}"
