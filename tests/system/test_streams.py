"""The public streams: whoever subscribes from the beginning ends with the same balances."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from contracts.membership import AppointmentSettled, LedgerEntryRecorded, SettledLine
from devstack import Stack
from edge import Edge, Json
from journeys import book, massage, member, membership_of, settled, soon, spots, until
from places import new_phone
from studio import Studio
from subscriber import Balances, caught_up, following, kept, say_again, stream

_ROOT: Final = Path(__file__).resolve().parents[2]
_README: Final = _ROOT / "README.md"
_PAGE: Final = _ROOT / "docs" / "streams.md"
_LEDGER: Final = "membership.ledger"


@pytest.mark.rule("A15")
def test_everybody_who_begins_at_one_instant_is_settled_once(
    system: Stack, studio: Studio, app: Edge
) -> None:
    names = [f"Client {number}" for number in range(40)]
    passes = [member(studio, name, sessions=2)[0] for name in names]
    event = studio.plan_class(soon(15), capacity=40)

    def submit(name: str) -> Json:
        return book(app, studio, name, spots(event))

    with ThreadPoolExecutor(8) as pool:
        booked = list(pool.map(submit, names))

    assert {settled(studio, one)["debit_status"] for one in booked} == {"debited"}

    settlements = stream(system, "membership.settlements")
    ours = [one for one in settlements if one["location_id"] == studio.location]
    assert sorted(one["appointment_id"] for one in ours) == sorted(
        one["appointment_id"] for one in booked
    )
    entries = stream(system, _LEDGER)
    for pass_ in passes:
        own = [entry for entry in entries if entry["membership_id"] == pass_]
        assert [(entry["kind"], entry["balance"]) for entry in own] == [
            ("granted", 2),
            ("debited", 1),
        ]


def test_the_subscriber_of_the_readme_follows_a_balance(
    system: Stack, studio: Studio, app: Edge
) -> None:
    [pass_] = member(studio, "Ana", sessions=4321)
    booked = book(app, studio, "Ana", massage(studio, soon()))
    settled(studio, booked)
    balance = membership_of(studio, pass_)["available"]
    [snippet] = re.findall(r"```python\n(.*?)```", _README.read_text(), re.DOTALL)
    group = f"test-{studio.location}"
    environment = os.environ | {"KAFKA_BOOTSTRAP_SERVERS": system.bootstrap_servers}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", snippet.replace("my-service", group)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as subscriber:
        assert subscriber.stdout is not None
        lines = iter(subscriber.stdout.readline, "")
        try:
            assert f"debited 1 → {balance}\n" in lines
        finally:
            subscriber.terminate()


def test_the_example_of_the_page_keeps_the_balances_that_membership_answers(
    system: Stack, studio: Studio, app: Edge, tmp_path: Path
) -> None:
    data = tmp_path / "balances.db"
    with following(system, data):
        passes = _sell(studio)
        until(lambda: kept(data, passes), lambda known: len(known) == len(passes) + 1)

    before = kept(data, passes)
    booked = _book(app, studio)
    with following(system, data):  # and killed as soon as it has some of the debits
        until(lambda: kept(data, passes), lambda known: known != before)
    for one in booked:
        settled(studio, one)
    _cancel(studio, booked[0])
    right = _answered(studio, passes)
    with following(system, data):
        until(lambda: _balances(kept(data, passes)), lambda known: known == right)

    followed = kept(data, passes)
    assert say_again(system, _LEDGER, passes) >= len(passes) + len(booked)
    with following(system, data):
        caught_up(system, data, _LEDGER)
    assert kept(data, passes) == followed
    with following(system, data, "--from-the-beginning"):
        caught_up(system, data, _LEDGER)
    assert kept(data, passes) == followed
    anew = tmp_path / "anew.db"
    with following(system, anew):
        caught_up(system, anew, _LEDGER)
    assert kept(anew, passes) == followed
    assert _balances(followed) == _answered(studio, passes)


def test_the_page_explains_every_field_of_the_public_streams() -> None:
    explained = set(re.findall(r"`([a-z_.\[\]]+)`(?=[^|\n]*\| )", _PAGE.read_text()))
    settled_lines = {f"lines[].{name}" for name in SettledLine.model_fields}
    fields = {*LedgerEntryRecorded.model_fields, *AppointmentSettled.model_fields, *settled_lines}
    assert not fields - explained


def _sell(studio: Studio) -> list[str]:
    """Sell memberships of all kinds; Ana and Ben share one, and one has two buckets."""
    passes = member(studio, "Ana", sessions=10)
    studio.enter_client("Ben", new_phone())
    ben = {"client_id": studio.clients["Ben"].client_id}
    studio.operator.post(f"/memberships/{passes[0]}/shared-clients", ben)
    passes += member(studio, "Carla", sessions=1, memberships=2)
    passes += member(studio, "Dora", sessions=None)
    studio.enter_client("Emil", new_phone())
    buckets = [{"sessions": 3, "service_ids": [one]} for one in (studio.yoga, studio.massage)]
    form = {"name": "Both", "price": 5000, "currency": "EUR", "buckets": buckets}
    article = studio.operator.post(f"/chains/{studio.chain}/membership-types", form)
    studio.membership_types["Both"] = article["membership_type_id"]
    return [*passes, studio.sell("Emil", "Both")]


def _book(app: Edge, studio: Studio) -> list[Json]:
    """Let all of them book what begins soon; Carla wants more than she has at the desk."""
    start = soon()
    event = studio.plan_class(start, capacity=40)
    return [
        book(app, studio, "Ana", massage(studio, start)),
        *(book(app, studio, name, spots(event)) for name in ("Ana", "Ben", "Dora", "Emil")),
        book(studio.operator, studio, "Carla", spots(event, 3)),
    ]


def _cancel(studio: Studio, appointment: Json) -> None:
    """Cancel what has begun, and wait until its session is given back."""
    appointment_id = appointment["appointment_id"]
    path = f"/locations/{studio.location}/appointments/{appointment_id}/cancel"
    studio.operator.post(path, {"charge": False})
    until(
        lambda: studio.operator.get(f"/appointments/{appointment_id}/settlement"),
        lambda settlement: settlement["outcome"] == "reversed",
    )


def _answered(studio: Studio, passes: list[str]) -> dict[str, int | None]:
    """Return what membership answers: sessions that are held are no debits yet."""
    return {
        bucket["bucket_id"]: bucket["granted"] and bucket["granted"] - bucket["used"]
        for pass_ in passes
        for bucket in membership_of(studio, pass_)["buckets"]
    }


def _balances(known: Balances) -> dict[str, int | None]:
    return {bucket: balance for bucket, (_, balance) in known.items()}
