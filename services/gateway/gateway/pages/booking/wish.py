"""What a visitor has chosen so far; it travels in addresses and hidden fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from gateway.pages.forms import Form, id_in

_MOST_SERVICES: Final = 20
_SPOTS: Final = re.compile(r"[1-9][0-9]{0,3}")
_YEARS: Final = range(1970, 3000)


@dataclass(frozen=True, slots=True)
class Wish:
    """Services in a row at a `start`, or `spots` in an event; without a `member`, anybody.

    `pay` is "online", "membership" or "studio" where the client chooses (rule G3).
    """

    services: tuple[UUID, ...] = ()
    member: UUID | None = None
    start: datetime | None = None
    event: UUID | None = None
    spots: int = 1
    pay: str = ""

    @classmethod
    def of(cls, form: Form) -> Self:
        """Read a wish; what makes no sense was not said."""
        spots = form.text("spots")
        services = [id_in(text) for text in form.many("service")]
        return cls(
            services=tuple(each for each in services if each)[:_MOST_SERVICES],
            member=id_in(form.text("member")),
            start=_instant(form.text("start")),
            event=id_in(form.text("event")),
            spots=int(spots) if _SPOTS.fullmatch(spots) else 1,
            pay=form.text("pay"),
        )

    @classmethod
    def in_address(cls, address: str) -> Self:
        """Read the wish that an address of these pages carries."""
        return cls.of(Form(parse_qsl(urlsplit(address).query)))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The names and values of a form that carries it on."""
        single = {
            "member": self.member,
            "start": self.start.isoformat() if self.start else None,
            "event": self.event,
            "spots": self.spots if self.event else None,
            "pay": self.pay or None,
        }
        services = [("service", str(each)) for each in self.services]
        return services + [(name, str(value)) for name, value in single.items() if value]

    @property
    def query(self) -> str:
        """The end of an address that carries it on."""
        return urlencode(self.fields)

    def but(self, **changed: Any) -> Self:
        """Return it with something else chosen."""
        return replace(self, **changed)

    @property
    def pay_online(self) -> bool | None:
        """What the client has chosen, as the API takes it."""
        return self.pay == "online" if self.pay else None

    def as_booking(self, name: str, phone: str) -> Mapping[str, Any]:
        """Return the booking that the API takes."""
        form: dict[str, Any] = {"name": name, "phone": phone, "pay_online": self.pay_online}
        if self.event is not None:
            return form | {"spots": {"event_id": str(self.event), "spots": self.spots}}
        member = str(self.member) if self.member else None
        lines = [{"service_id": str(each), "team_member_id": member} for each in self.services]
        start = self.start.isoformat() if self.start else None
        return form | {"appointments": [{"start": start, "lines": lines}]}


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo and instant.year in _YEARS else None
