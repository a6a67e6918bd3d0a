"""Whatever is sent to the public API, it answers as its OpenAPI document says.

Bodies and queries are made up, right ones and wrong ones; the ids in them are of things that exist,
or else every answer would be 404. SEED in the environment makes other ones up.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID, uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis import checks as checks_of_all
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as checks_of_openapi

from devstack import Stack
from edge import Edge
from journeys import until
from places import Place, settled

EXAMPLES: Final = int(os.environ.get("EXAMPLES", "3"))
"""How many right and how many wrong requests are made of every operation."""
SEED: Final = int(os.environ.get("SEED", "20300301"))
_all: Any = checks_of_all  # both are typed in part only
_openapi: Any = checks_of_openapi
CHECKS: Final = [
    _all.not_a_server_error,
    _openapi.status_code_conformance,
    _openapi.content_type_conformance,
    _openapi.response_schema_conformance,
]


@pytest.fixture(scope="module")
def place(system: Stack) -> Iterator[Place]:
    """A place with one of everything, in which an appointment has begun."""
    with Edge(system.service_url("gateway"), system.platform_key) as platform:
        place = Place.opened(platform)
        settled(place)
        # A phone gets few codes, so this one is nobody else's, not even in another process.
        place.ids["phone"] = f"+35191{uuid4().int % 10**7:07}"
        place.post("submit_booking")
        yield place


@pytest.fixture(scope="module")
def caller(system: Stack, place: Place) -> "Caller":
    """The platform, and a client who has confirmed the phone of the place's client."""
    token = _confirmed(system, place)
    return Caller(system.service_url("gateway"), system.platform_key, token, place)


@pytest.fixture(scope="module")
def document(system: Stack) -> dict[str, Any]:
    return httpx.get(f"{system.service_url('gateway')}/v1/openapi.json").json()


@pytest.mark.timeout(600)
def test_every_answer_is_as_the_document_says(caller: "Caller", document: dict[str, Any]) -> None:
    schema: Any = schemathesis.openapi.from_dict(document)
    found = {
        f"{operation.label}, {mode.value}": _wrong(operation, mode, caller)
        for operation in (result.ok() for result in schema.get_all_operations())
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    }
    told = [f"{name}: {wrong}" for name, wrong in found.items() if wrong is not None]
    assert not told, f"with SEED={SEED} EXAMPLES={EXAMPLES}:\n\n" + "\n\n".join(told)


@dataclass(frozen=True)
class Caller:
    """Who sends requests: the platform, with `key`, or with `token` a client of the place."""

    url: str
    key: str
    token: str
    place: Place

    def check(self, case: Any) -> None:
        """Send a request, about what exists, and look whether its answer may be."""
        case.path_parameters = self.known("", case.path_parameters)
        case.query = self.known("", case.query)
        case.body = self.known("", case.body)
        is_of_clients = case.operation.definition.raw.get("security") == [{"client_token": []}]
        headers = {"Authorization": f"Bearer {self.token if is_of_clients else self.key}"}
        if "Idempotency-Key" in case.headers:
            headers["Idempotency-Key"] = str(uuid4())
        case.headers.update(headers)
        case.validate_response(case.call(base_url=self.url), checks=CHECKS)

    def known(self, name: str, value: Any) -> Any:
        """Return the value with the ids in it of what exists, where it has ids."""
        if isinstance(value, dict):
            fields = cast("dict[str, Any]", value)
            return {key: self.known(key, one) for key, one in fields.items()}
        if isinstance(value, list):
            return [self.known(name, one) for one in cast("list[Any]", value)]
        exists = self.place.ids.get(name.replace("_ids", "_id"))
        return exists if exists and (_is_id(value) or name == "phone") else value


def _wrong(operation: Any, mode: GenerationMode, caller: Caller) -> str | None:
    """Make requests up, and return what is wrong with an answer, if anything is."""

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        caller.check(case)

    try:
        check()
    except Unsatisfiable:
        return None  # there is no wrong request of an operation without parameters and body
    except FailureGroup as group:
        return "\n".join(map(str, group.exceptions))
    except Failure as failure:
        return str(failure)
    return None


def _confirmed(system: Stack, place: Place) -> str:
    """Return the token of the place's client, who types the code that came to the phone."""
    url, inbox = system.service_url("gateway"), f"{system.service_url('devproviders')}/messages"
    phone, path = place.ids["phone"], f"/locations/{place.ids['location_id']}"
    with Edge(url, place.key("widget")["api_key"]) as widget:
        widget.post(f"{path}/phone-codes", {"phone": phone})
        got = until(lambda: httpx.get(inbox, params={"phone": phone}).json(), bool)
        form = {"phone": phone, "code": got[0]["text"][:6]}
        return str(widget.post(f"{path}/phone-confirmations", form)["token"])


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def test_an_answer_that_the_document_does_not_know_is_seen(
    caller: Caller, document: dict[str, Any]
) -> None:
    path = "/v1/locations/{location_id}"
    operation = document["paths"][path]["get"]
    responses = {"404": operation["responses"]["404"]}
    changed = document | {"paths": {path: {"get": operation | {"responses": responses}}}}
    schema: Any = schemathesis.openapi.from_dict(changed)
    [result] = schema.get_all_operations()
    wrong = _wrong(result.ok(), GenerationMode.POSITIVE, caller)
    assert wrong is not None
    assert "200" in wrong
