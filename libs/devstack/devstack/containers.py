"""Kafka and Postgres from containers, for tests on a machine with Docker."""

import secrets
import socket
from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import files

from testcontainers.core.container import DockerContainer

KAFKA_IMAGE = "apache/kafka:4.3.1"
POSTGRES_IMAGE = "postgres:17"
_POSTGRES_PORT = 5432
_CONTROLLER = "CONTROLLER://localhost:9093"


@contextmanager
def servers() -> Generator[dict[str, str]]:
    """Run both until the block ends; gives the environment variables that name them.

    They are reached at ports of the machine that runs Docker (TESTCONTAINERS_HOST_OVERRIDE).
    """
    password = secrets.token_urlsafe(24)
    with _kafka() as bootstrap_servers, _postgres(password) as place:
        yield {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
            "POSTGRES_DSN": f"postgresql://postgres:{password}@{place}/postgres",
        }


@contextmanager
def _kafka() -> Generator[str]:
    # The broker tells its clients where it is, so its port must be known before it starts.
    port = _free_port()
    broker = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port)
    place = f"{broker.get_docker_client().host()}:{port}"
    settings = {
        **_packaged_settings(),
        "listeners": f"PLAINTEXT://:{port},{_CONTROLLER}",
        "advertised.listeners": f"PLAINTEXT://{place}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.quorum.voters": f"1@{_CONTROLLER.rpartition('/')[2]}",
    }
    for key, value in settings.items():
        broker.with_env(f"KAFKA_{key.upper().replace('.', '_')}", value)
    with broker:
        yield place


@contextmanager
def _postgres(password: str) -> Generator[str]:
    server = DockerContainer(POSTGRES_IMAGE).with_exposed_ports(_POSTGRES_PORT)
    server.with_env("POSTGRES_PASSWORD", password).with_command("-c max_connections=200")
    with server:
        yield f"{server.get_docker_client().host()}:{server.get_exposed_port(_POSTGRES_PORT)}"


def _packaged_settings() -> dict[str, str]:
    """Return what devstack gives the broker that it starts itself."""
    lines = (files("devstack.kafka") / "server.properties").read_text().splitlines()
    settings = (line.partition("=") for line in lines if not line.startswith("#"))
    return {key: value for key, _, value in settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])
