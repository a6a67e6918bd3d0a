"""The end of the demo: the pages with the story in them, and a class that is about to begin."""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from edge import Edge
from online import book, book_at_the_desk, spots
from studio import issue_widget_key
from telling import Story

PASSWORD: Final = "punchcard-demo"  # noqa: S105 — printed for all who try it on their machine
_UNTIL_START: Final = timedelta(seconds=50)
_STAFF: Final = {"Olivia": "owner", "Adam": "administrator", "Oscar": "operator"}


class Invitation(NamedTuple):
    """Where to look, and who may; `begins_at` is when the class begins."""

    calendar: str
    booking: str
    my_bookings: str
    widget: str
    phones: str
    begins_at: datetime
    staff: dict[str, str]
    platform: str


def invite(
    story: Story, platform: Edge, stand_ins_url: str, until_start: timedelta = _UNTIL_START
) -> Invitation:
    """Plan a class that begins within a minute, and give everybody a way in.

    `stand_ins_url` is where the development stand-ins are: what phones got, and a studio's site.
    """
    studio = story.studio
    story.chapter("And now you")
    begins_at = datetime.now(UTC).replace(microsecond=0) + until_start
    # A teacher of its own gives the class a column of its own in the calendar.
    event = studio.plan_class(begins_at, 12, studio.employ("Tia", [studio.yoga]))
    book(story, "Anna", spots(event))
    book(story, "Dora", spots(event))
    book_at_the_desk(story, "Gus", event, 1)
    book(story, "Anna", spots(studio.plan_class(begins_at + timedelta(days=1), capacity=12)))
    local = begins_at.astimezone(studio.zone)
    story.say(f"Yoga begins at [bold]{local:%H:%M:%S}[/], and nobody need do anything")
    staff = {_employ(platform, story, name, role): role for name, role in _STAFF.items()}
    url, site = platform.url, _site_of(story, platform, stand_ins_url)
    return Invitation(
        calendar=f"{url}/office/{studio.location}/calendar",
        booking=f"{url}/book/{studio.location}",
        my_bookings=f"{url}/book/{studio.location}/my-bookings",
        widget=site,
        phones=stand_ins_url,
        begins_at=local,
        staff=staff,
        platform=_employ_at_platform(platform),
    )


def show(story: Story, invitation: Invitation) -> None:
    """Print the way in."""
    anna = story.studio.clients["Anna"]
    begins = f"{invitation.begins_at:%H:%M:%S}"
    people = "\n".join(
        f"    {email:<28} {PASSWORD}   [dim]{role}[/]" for email, role in invitation.staff.items()
    )
    story.console.print(f"""
[bold]Open it in a browser[/]
  The back office: the calendar in which Yoga begins at {begins}. Anna and Dora turn from
  Automatic debiting to Debited, Gus, who has no membership, to Not debited.
    {invitation.calendar}
  Sign in as
{people}
    {invitation.platform:<28} {PASSWORD}   [dim]platform: live events[/]

  Book as a client, without scripts     {invitation.booking}
  My bookings                           {invitation.my_bookings}
  The widget on a studio's own site     {invitation.widget}
    Anna's phone is {anna.phone}; the codes that phones got: {invitation.phones}
""")


def _employ(platform: Edge, story: Story, name: str, role: str) -> str:
    email = f"{name.lower()}@lotus.example"
    location = None if role == "owner" else story.studio.location
    form = {"email": email, "name": name, "password": PASSWORD, "role": role}
    platform.post(f"/chains/{story.studio.chain}/staff", form | {"location_id": location})
    return email


def _employ_at_platform(platform: Edge) -> str:
    email = "petra@punchcard.example"
    platform.post("/platform-staff", {"email": email, "name": "Petra", "password": PASSWORD})
    return email


def _site_of(story: Story, platform: Edge, stand_ins_url: str) -> str:
    """Return the page of a studio, on a site of its own, with the widget in it."""
    studio = story.studio
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(stand_ins_url))
    key = issue_widget_key(platform, studio.chain, studio.location, [origin])
    asked = {"location": studio.location, "key": key, "api": platform.url}
    return f"{stand_ins_url}/studio?{urlencode(asked)}"
