"""docker-compose.yml and the Dockerfile are complete, and every check sees what it is there for."""

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest
from pydantic_settings import BaseSettings

from deployment import (
    REFERENCE,
    ROOT,
    SERVICES,
    Entry,
    compose,
    development,
    forgotten,
    hasty,
    is_root,
    literal_secrets,
    published,
    settings_of,
    stages,
    unpinned,
    unwatched,
    wrong_settings,
)
from devproviders.settings import Settings as DevProviders
from devstack import containers
from devstack.kafka import jars
from devstack.state import public_key

STAGES: Final = stages((ROOT / "deploy" / "Dockerfile").read_text())
FINAL: Final = STAGES["service"]


def test_every_service_is_there() -> None:
    assert forgotten(SERVICES, compose()) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_all_its_settings_and_no_others(service: str) -> None:
    environment = set(compose()[service]["environment"])
    environment.discard("FORWARDED_ALLOW_IPS")  # the server itself reads it
    by_the_image = {*FINAL.environment, "INSTANCE"}  # `start` sets it
    assert wrong_settings(settings_of(service), environment, by_the_image) == []


@pytest.mark.parametrize("name", sorted(development()))
def test_for_developers_there_are_settings_that_exist(name: str) -> None:
    settings = DevProviders if name not in SERVICES else settings_of(name)
    added = set(development()[name]["environment"])
    known = {field.upper() for field in settings.model_fields}
    assert added <= known
    assert name in SERVICES or added == known


def test_for_developers_alone_there_is_a_provider_and_only_on_this_machine() -> None:
    assert "devproviders" not in compose()
    entry = development()["devproviders"]
    assert all(port.startswith("127.0.0.1:") for port in entry["ports"])
    assert unwatched({"devproviders": entry}, image_is_watched=False) == []
    assert unpinned([entry["image"]]) == []


def test_every_service_gets_a_role_of_its_own() -> None:
    passwords = {name for name in compose()["migrate"]["environment"] if "PASSWORD" in name}
    assert passwords == {f"POSTGRES_PASSWORD_{service.upper()}" for service in SERVICES}


def test_every_image_is_pinned() -> None:
    images = [entry["image"] for entry in compose().values()]
    assert unpinned([*images, *(stage.base for stage in STAGES.values())]) == []


def test_tests_take_the_same_servers_from_containers() -> None:
    assert compose()["kafka"]["image"] == containers.KAFKA_IMAGE
    assert compose()["postgres"]["image"] == containers.POSTGRES_IMAGE
    assert containers.KAFKA_IMAGE.endswith(f":{jars.VERSION}")


def test_whatever_runs_on_is_watched_and_started_again() -> None:
    assert unwatched(compose(), image_is_watched=FINAL.is_watched) == []


def test_topics_and_schemas_come_first() -> None:
    assert hasty(compose()) == []


def test_only_the_gateway_can_be_reached_and_only_from_this_machine() -> None:
    assert published(compose()) == []


def test_secrets_come_from_outside() -> None:
    assert literal_secrets(compose()) == []


@pytest.mark.parametrize("name", ["service", "operations"])
def test_nothing_runs_as_root_nor_under_a_shell(name: str) -> None:
    assert not is_root(STAGES[name].user)
    assert STAGES[name].entry_point


def test_the_start_of_a_service_gives_each_container_a_name_of_its_own(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$INSTANCE" "$@"\n')
    python.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SERVICE": "sales", "HOSTNAME": "c1"}
    start = [ROOT / "deploy" / "start", "migrate"]
    assert _said(start, environment) == "sales-c1 -m sales migrate"
    assert _said(start, {**environment, "INSTANCE": "sales-1"}) == "sales-1 -m sales migrate"


def test_one_command_makes_all_secrets_and_leaves_those_there_are(tmp_path: Path) -> None:
    file = tmp_path / "env"
    _said([ROOT / "deploy" / "secrets", file])
    made = dict(line.split("=", 1) for line in file.read_text().splitlines())
    asked = set(REFERENCE.findall((ROOT / "docker-compose.yml").read_text()))
    assert made.keys() == asked - {"GATEWAY_PORT"}
    assert public_key(made["PRINCIPAL_SIGNING_KEY"]) == made["PRINCIPAL_VERIFY_KEY"]
    assert file.stat().st_mode & 0o077 == 0
    kept = file.read_text()
    _said([ROOT / "deploy" / "secrets", file])
    assert file.read_text() == kept


def _said(command: list[Path | str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class _Settings(BaseSettings):
    postgres_dsn: str
    http_port: int
    instance: str = "toy-1"


def test_a_forgotten_service_is_seen() -> None:
    entries: Entry = {"sales": {"build": {"args": {"SERVICE": "booking"}}}}
    assert forgotten(["booking", "sales"], entries) == [
        "booking is not in docker-compose.yml",
        "sales is not in docker-compose.yml",
    ]


def test_a_setting_that_is_missing_or_misspelt_is_seen() -> None:
    assert wrong_settings(_Settings, {"POSTGRES_DNS"}, {"HTTP_PORT"}) == [
        "POSTGRES_DSN is missing",
        "POSTGRES_DNS is unknown",
    ]


@pytest.mark.parametrize("image", ["postgres", "postgres:latest", "host:5000/postgres"])
def test_an_image_without_a_version_is_seen(image: str) -> None:
    assert unpinned([image, "postgres:17"]) == [f"{image} is not pinned"]


def test_what_is_not_watched_or_stays_dead_is_seen() -> None:
    entries: Entry = {"sales": {"build": {}}, "kafka": {"restart": "always"}, "topics": {}}
    assert unwatched(entries, image_is_watched=True) == [
        "kafka has no health check",
        "sales stays dead",
    ]
    assert "sales has no health check" in unwatched(entries, image_is_watched=False)


def test_what_does_not_wait_is_seen() -> None:
    started = {"condition": "service_started"}
    done = {"condition": "service_completed_successfully"}
    entries: Entry = {
        "kafka": {},
        "topics": {"depends_on": {"kafka": started}},
        "sales": {"depends_on": {"topics": done}},
    }
    assert hasty(entries) == ["topics does not wait for kafka", "sales does not wait for migrate"]


def test_a_port_that_others_can_reach_is_seen() -> None:
    entries: Entry = {
        "gateway": {"ports": ["127.0.0.1:8080:8080", "8080:8080"]},
        "postgres": {"ports": ["127.0.0.1:5432:5432"]},
    }
    assert published(entries) == [
        "gateway is published at 8080:8080",
        "postgres is published at 127.0.0.1:5432:5432",
    ]


def test_a_secret_in_plain_is_seen() -> None:
    environment = {"POSTGRES_DSN": "postgresql://sales:guess@postgres/sales", "HTTP_PORT": 80}
    assert literal_secrets({"sales": {"environment": environment}}) == [
        "sales has POSTGRES_DSN in plain"
    ]


@pytest.mark.parametrize("user", ["root", "0", "0:0", "app"])
def test_root_is_seen(user: str) -> None:
    assert is_root(user)


def test_a_stage_takes_over_from_the_one_it_begins_with() -> None:
    found = stages(
        "FROM python:3.12 AS first\nENV A=1 \\\n    B=2\nUSER 7\nFROM first AS last\nENV B=3\n"
        'ENTRYPOINT ["python", "-m", "toy"]\n'
    )
    assert found["last"].base == "python:3.12"
    assert found["last"].user == "7"
    assert found["last"].environment == {"A": "1", "B": "3"}
    assert found["last"].entry_point == ["python", "-m", "toy"]
    assert not found["last"].is_watched
