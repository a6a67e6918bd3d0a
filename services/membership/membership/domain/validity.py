"""How long a membership is valid, on local dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Unit = Literal["days", "weeks", "months", "years"]

LAST_YEAR: Final = 2999
"""What is dated later is a mistake: no validity may lead beyond the calendar."""


@dataclass(frozen=True, slots=True)
class Validity:
    """A length of time, such as 3 months."""

    count: int
    unit: Unit

    def last_day(self, activated_on: date) -> date:
        """Return the expiry date of what is activated on that day.

        Months and years end on the same day of the month, or on its last one: a month from
        January 31 is February 28 or 29.
        """
        match self.unit:
            case "days":
                return activated_on + timedelta(days=self.count)
            case "weeks":
                return activated_on + timedelta(weeks=self.count)
            case "months":
                return _months_later(activated_on, self.count)
            case "years":
                return _months_later(activated_on, 12 * self.count)


def _months_later(day: date, months: int) -> date:
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def local_date(instant: datetime, time_zone: str) -> date:
    """Return the date of `instant` in an IANA zone (rule X5)."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
