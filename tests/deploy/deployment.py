"""What the containers must be like: nothing forgotten, pinned, watched, in order, not root.

Every check takes the plain facts of docker-compose.yml or of the Dockerfile and returns the
violations as sentences, so that the tests can show each of them one that is wrong.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic_settings import BaseSettings

ROOT: Final = Path(__file__).resolve().parents[2]
SERVICES: Final = tuple(sorted(path.name for path in (ROOT / "services").iterdir()))

Entry = dict[str, Any]
"""One service of a compose file, or all of them by name."""

COMPLETED: Final = "service_completed_successfully"
HEALTHY: Final = "service_healthy"
# What must have happened before an entry is started; the services of ours come after `ONE_SHOTS`.
ONE_SHOTS: Final = {"topics": {"kafka": HEALTHY}, "migrate": {"postgres": HEALTHY}}
SERVERS: Final = ("kafka", "postgres")
# A reference such as ${NAME:?message}.
REFERENCE: Final = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")
SECRET: Final = re.compile(r"PASSWORD|PLATFORM_KEY|SIGNING_KEY|DSN")


def compose() -> Entry:
    """Read the entries of docker-compose.yml."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def development() -> Entry:
    """Read the entries that deploy/development.yml adds or changes."""
    return yaml.safe_load((ROOT / "deploy" / "development.yml").read_text())["services"]


def settings_of(service: str) -> type[BaseSettings]:
    """Return the class that says what the environment of a service holds."""
    return import_module(f"{service}.settings").Settings


def forgotten(services: Iterable[str], entries: Entry) -> list[str]:
    """Name the services that no entry builds and runs under their own name."""
    return [
        f"{service} is not in docker-compose.yml"
        for service in services
        if entries.get(service, {}).get("build", {}).get("args", {}).get("SERVICE") != service
    ]


def wrong_settings(
    settings: type[BaseSettings], environment: set[str], image: set[str]
) -> list[str]:
    """Name what a service needs and is not given, and what it is given and does not know."""
    fields = {name.upper(): field for name, field in settings.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}
    missing = sorted(required - environment - image)
    unknown = sorted(environment - fields.keys())
    return [f"{name} is missing" for name in missing] + [f"{name} is unknown" for name in unknown]


def unpinned(images: Iterable[str]) -> list[str]:
    """Name the images whose tag is missing, or says no version."""
    return [
        f"{image} is not pinned"
        for image in images
        if not re.search(r"\d", image.rpartition("/")[2].partition(":")[2])
    ]


def unwatched(entries: Entry, *, image_is_watched: bool) -> list[str]:
    """Name what is to run on and has no health check, or would not be started again."""
    lasting = {name: entry for name, entry in entries.items() if name not in ONE_SHOTS}
    blind = [
        f"{name} has no health check"
        for name, entry in lasting.items()
        if "healthcheck" not in entry and not ("build" in entry and image_is_watched)
    ]
    mortal = [f"{name} stays dead" for name, entry in lasting.items() if "restart" not in entry]
    return blind + mortal


def hasty(entries: Entry) -> list[str]:
    """Name what does not wait for what comes before it."""
    wanted = {name: ONE_SHOTS.get(name, dict.fromkeys(ONE_SHOTS, COMPLETED)) for name in entries}
    return [
        f"{name} does not wait for {before}"
        for name, entry in entries.items()
        if name not in SERVERS
        for before, condition in wanted[name].items()
        if entry.get("depends_on", {}).get(before, {}).get("condition") != condition
    ]


def published(entries: Entry) -> list[str]:
    """Name the ports that others than this machine's users of the gateway can reach."""
    return [
        f"{name} is published at {port}"
        for name, entry in entries.items()
        for port in entry.get("ports", ())
        if name != "gateway" or not port.startswith("127.0.0.1:")
    ]


def literal_secrets(entries: Entry) -> list[str]:
    """Name the secrets that are written into the file instead of .env."""
    return [
        f"{name} has {variable} in plain"
        for name, entry in entries.items()
        for variable, value in entry.get("environment", {}).items()
        if value is not None  # passed on from outside
        and SECRET.search(variable)
        and not REFERENCE.search(str(value))
    ]


@dataclass(frozen=True)
class Stage:
    """One stage of a Dockerfile, with what it takes over from the stage that it begins with."""

    base: str
    user: str
    environment: dict[str, str]
    entry_point: list[str]
    is_watched: bool


def stages(dockerfile: str) -> dict[str, Stage]:
    """Read a Dockerfile, stage by stage; the last one is what is built unless another is named."""
    found: dict[str, Stage] = {}
    for text in re.split(r"^FROM ", dockerfile, flags=re.MULTILINE)[1:]:
        head, _, body = re.sub(r"\\\n\s*", "", text).partition("\n")
        base, _, name = head.partition(" AS ")
        found[name] = _stage(base, body, found.get(base))
    return found


def _stage(base: str, body: str, before: Stage | None) -> Stage:
    instructions = [_instruction(line) for line in body.splitlines()]
    last = dict(instructions)
    given = " ".join(what for verb, what in instructions if verb == "ENV")
    inherited = before.environment if before else {}
    return Stage(
        base=before.base if before else base,
        user=last.get("USER", before.user if before else "root"),
        environment={**inherited, **dict(re.findall(r"(\w+)=(\S+)", given))},
        entry_point=_exec_form(last.get("ENTRYPOINT", "")),
        is_watched="HEALTHCHECK" in last,
    )


def _instruction(line: str) -> tuple[str, str]:
    verb, _, what = line.partition(" ")
    return verb, what


def _exec_form(text: str) -> list[str]:
    return json.loads(text) if text.startswith("[") else []


def is_root(user: str) -> bool:
    """Return whether this is the superuser; a name cannot be told, so only numbers are others."""
    return not re.fullmatch(r"[1-9]\d*(:\d+)?", user)


def pins(lock: str) -> dict[str, str]:
    """Read the packages of a lock, each with its version and hashes."""
    entries = re.findall(r"^(\S+)==((?:.*\\\n)*.*)$", re.sub(r" *# .*", "", lock), re.MULTILINE)
    return {name: " ".join(pin.split()) for name, pin in entries}
