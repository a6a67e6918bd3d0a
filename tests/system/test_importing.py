"""What comes from elsewhere in CSV files: checked, brought in, and brought in again."""

import csv
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from edge import Edge, Json
from journeys import later
from studio import Studio, issue_key

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = """reference,name,phone
K1,Inês,912 555 001
K2,Jorge,912 555 002
K3,Lara,912 555 003
"""


class Importer:
    """A folder of files, and `make import` of it."""

    def __init__(self, platform: Edge, studio: Studio, folder: Path) -> None:
        self.folder = folder
        self._location = studio.location
        key = issue_key(platform, "operator", studio.chain, studio.location)
        path = str(ROOT / "deploy" / "demo")
        self._environment = os.environ | {
            "GATEWAY_URL": platform.url,
            "API_KEY": key,
            "PYTHONPATH": path,
        }

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *options: str) -> int:
        """Import; return the exit status."""
        script = [sys.executable, str(ROOT / "deploy" / "importing"), str(self.folder)]
        return subprocess.run(
            [*script, "--location", self._location, *options],
            env=self._environment,
            capture_output=True,
            check=False,
        ).returncode

    @property
    def report(self) -> list[Json]:
        with (self.folder / "report.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def counts(self) -> dict[str, int]:
        return Counter(row["state"] for row in self.report)


@pytest.fixture
def importer(platform: Edge, studio: Studio, tmp_path: Path) -> Importer:
    studio.offer_membership("Ten", sessions=10, price=5000, services=[studio.yoga], days=30)
    start = later()
    studio.plan_class(start, 10)
    soon = (date.today() + timedelta(days=40)).isoformat()  # noqa: DTZ011
    local = start.astimezone(studio.zone)
    prepared = Importer(platform, studio, tmp_path)
    prepared.write("clients.csv", CLIENTS)
    prepared.write(
        "memberships.csv",
        "reference,client,membership_type,remaining,issued_on,activated_on,expires_on,shared_with\n"
        f"A-1,K1,Ten,4,2026-01-15,2026-01-15,{soon},K2; K3\n"
        f"A-2,K2,Ten,0,2026-01-15,2026-01-15,{soon},\n",
    )
    prepared.write(
        "bookings.csv",
        "reference,client,service,team_member,start,spots\n"
        f"B-1,K2,Yoga,,{local:%Y-%m-%dT%H:%M:%S},2\n"
        f"B-2,K3,Massage,Mira,{(local + timedelta(hours=3)):%Y-%m-%dT%H:%M:%S},\n",
    )
    return prepared


def clients_in(studio: Studio) -> set[str]:
    found = studio.operator.get(f"/chains/{studio.chain}/clients")["clients"]
    return {client["name"] for client in found}


def test_a_dry_run_checks_every_row_and_changes_nothing(studio: Studio, importer: Importer) -> None:
    importer.write("clients.csv", CLIENTS + "K4,Nobody,12\nK4,Somebody,912 555 004\n")
    assert importer.run("--dry-run") == 1
    assert clients_in(studio) == set()
    wrong = {row["line"]: row["detail"] for row in importer.report if row["state"] == "wrong"}
    assert wrong.keys() == {"5", "6"}
    assert all("there is another row with it" in detail for detail in wrong.values())


def test_a_wrong_row_says_which_field_and_why_and_the_others_come_in(
    studio: Studio, importer: Importer
) -> None:
    importer.write("clients.csv", CLIENTS + "K4,Nobody,12\n")
    importer.write(
        "memberships.csv",
        "reference,client,membership_type,remaining,issued_on\n"
        "A-1,K1,Ten,4,2026-01-15\nA-2,K1,Eleven,4,2026-01-15\nA-3,K1,Ten,many,2026-01-15\n",
    )
    assert importer.run() == 1
    details = {row["reference"]: row["detail"] for row in importer.report}
    assert details["K4"].startswith("phone: ")
    assert details["A-2"] == "membership_type: there is no 'Eleven'"
    assert details["A-3"] == "remaining: 'many' is no number of sessions"
    assert importer.counts == {"new": 6, "wrong": 3}
    assert clients_in(studio) == {"Inês", "Jorge", "Lara"}


@pytest.mark.rule("G8")
def test_a_number_is_one_of_the_location_that_rows_are_imported_into(
    platform: Edge, studio: Studio, importer: Importer
) -> None:
    other = studio.location_form | {"name": "Berlin", "region": "DE"}
    platform.post(f"/chains/{studio.chain}/locations", other)
    studio.enter_client("Anna", "+49 912 555 001")  # as K1's number would be read in Berlin
    assert importer.run() == 0
    assert [row["detail"] for row in importer.report if row["reference"] == "K1"] == [""]
    assert clients_in(studio) == {"Anna", "Inês", "Jorge", "Lara"}


@pytest.mark.rule("S1")
@pytest.mark.rule("X3")
@pytest.mark.rule("X6")
def test_what_is_left_on_memberships_comes_with_their_clients_and_bookings_however_often(
    studio: Studio, importer: Importer
) -> None:
    assert importer.run("--dry-run") == 0
    assert importer.counts == {"new": 7}
    for expected in ({"new": 7}, {"there already": 7}, {"there already": 7}):
        assert importer.run() == 0, importer.report
        assert importer.counts == expected
        check(studio)


def check(studio: Studio) -> None:
    clients = studio.operator.get(f"/chains/{studio.chain}/clients")["clients"]
    by_name = {client["name"]: client["client_id"] for client in clients}
    assert by_name.keys() == {"Inês", "Jorge", "Lara"}
    jorge = studio.operator.get(f"/clients/{by_name['Jorge']}/memberships")["memberships"]
    left = {one["reference"]: (one["granted"], one["held"], one["available"]) for one in jorge}
    assert left == {"A-1": (4, 2, 2), "A-2": (0, 0, 0)}
    path = f"/chains/{studio.chain}/clients/{by_name['Lara']}/appointments"
    [massage] = studio.operator.get(path)["appointments"]
    assert massage["state"] == "accepted"
