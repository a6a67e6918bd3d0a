"""The services of this repository: which there are, what they are given, whether they are ready."""

import hashlib
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from devstack.processes import Program, mark


def discover(root: Path) -> list[str]:
    """Return the names of the services in `root` that can be run, sorted."""
    return sorted(main.parent.name for main in root.glob("*/*/__main__.py") if _is_service(main))


def instance(service: str, replica: int) -> str:
    """Return the name of one process of `service`; replicas count from 1."""
    return f"{service}-{replica}"


def program(folder: Path, service: str, name: str, environment: Mapping[str, str]) -> Program:
    """Return what to start as process `name` of `service`."""
    return Program(name=name, command=_python(folder, service, name), environment=environment)


def migration(folder: Path, service: str, environment: Mapping[str, str]) -> Program:
    """Return what migrates the database of `service` and ends."""
    name = f"{service}-migrate"
    return Program(
        name=name, command=[*_python(folder, service, name), "migrate"], environment=environment
    )


def schema(root: Path, service: str) -> str:
    """Return a fingerprint of what `service` may migrate: its own files and the libraries'."""
    digest = hashlib.sha256()
    files = [*(root / service).rglob("*.sql"), *(root.parent / "libs").rglob("*.sql")]
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def environment(
    service: str,
    replica: int,
    *,
    urls: Mapping[str, str],
    bootstrap_servers: str,
    dsn: str,
    principal_keys: tuple[str, str],
    platform_key: str,
    settings: Mapping[str, str],
) -> dict[str, str]:
    """Return the whole environment of one process; `urls` has the base URL of every service."""
    signing_key, verify_key = principal_keys
    gateway_only = {"PRINCIPAL_SIGNING_KEY": signing_key, "PLATFORM_KEY": platform_key}
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "POSTGRES_DSN": dsn,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": urls[service].rpartition(":")[2],
        "PRINCIPAL_VERIFY_KEY": verify_key,
        "LOG_FORMAT": "console",
        "TEST_CLOCKS": "true",
        "INSTANCE": instance(service, replica),
        **{f"{name.upper()}_URL": url for name, url in urls.items()},
        **(gateway_only if service == "gateway" else {}),
        **settings,
    }


def is_ready(url: str) -> bool:
    """Return whether the service at `url` says that it is ready for work."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _is_service(main: Path) -> bool:
    return main.parent.name == main.parent.parent.name


def _python(folder: Path, service: str, name: str) -> list[str]:
    # -P: the folder that the process is started in is no place to import from.
    return [sys.executable, "-P", f"-X{mark(folder, name)}", "-m", service]
