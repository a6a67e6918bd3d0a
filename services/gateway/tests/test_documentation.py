"""The OpenAPI document says what the API does, and its pages need nothing from elsewhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio

from contracts.base import Form, Value
from contracts.problems import CATALOGUE
from gateway.access import ROLES
from gateway.api.examples import ANSWERS, EXAMPLES, FORMS
from web.identity import Role

from .public_edge import PublicEdge


@pytest_asyncio.fixture(loop_scope="session")
async def document(edge: PublicEdge) -> dict[str, Any]:
    async with edge.calling(None) as anybody:
        return (await anybody.get("/v1/openapi.json")).json()


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


@pytest.mark.asyncio(loop_scope="session")
async def test_every_operation_says_what_it_does_and_how_it_can_fail(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    for operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        if operation["operationId"] == "hear_stripe":
            assert operation["security"] == []
            continue
        assert operation["security"]
        for status in ("401", "403"):
            assert "application/problem+json" in operation["responses"][status]["content"]
    assert document["components"]["securitySchemes"]["api_key"]["scheme"] == "bearer"


@pytest.mark.asyncio(loop_scope="session")
async def test_every_command_demands_an_idempotency_key(document: dict[str, Any]) -> None:
    commands = [each for each in operations(document) if "422" in each["responses"]]
    assert len(commands) > 10
    for command in commands:
        headers = {each["name"]: each for each in command["parameters"] if each["in"] == "header"}
        assert headers["Idempotency-Key"]["required"]


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give everything that is sent or answered, by media type."""
    for body in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from body.get("content", {}).values()


@pytest.mark.asyncio(loop_scope="session")
async def test_every_body_and_every_answer_has_an_example(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for content in contents(operation):
            assert "example" in content or "examples" in content, operation["operationId"]
    used = {
        content["schema"]["$ref"].rpartition("/")[2]
        for operation in operations(document)
        for content in contents(operation)
        if "$ref" in content["schema"]
    }
    assert used - {"Problem"} == {kind.__name__ for kind in EXAMPLES}


@pytest.mark.asyncio(loop_scope="session")
async def test_every_schema_that_is_referred_to_is_there(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert referred <= schemas.keys()
    assert schemas["WorkingHours"]["additionalProperties"] is False


@pytest.mark.asyncio(loop_scope="session")
async def test_every_problem_type_is_met_somewhere(document: dict[str, Any]) -> None:
    met = {
        name
        for operation in operations(document)
        for response in operation["responses"].values()
        for name in response.get("content", {})
        .get("application/problem+json", {})
        .get("examples", {})
    }
    # Who follows the document never meets these two.
    never = {"method-not-allowed", "internal-error"}
    assert set(CATALOGUE) - met == never


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_the_example_of_a_body_is_valid(form: type[Form]) -> None:
    form.model_validate(FORMS[form])


@pytest.mark.parametrize("view", ANSWERS, ids=lambda view: view.__name__)
def test_the_example_of_an_answer_is_an_answer(view: type[Value]) -> None:
    example = ANSWERS[view]
    assert view.model_validate(example).model_dump(mode="json") == example


@pytest.mark.asyncio(loop_scope="session")
async def test_the_document_says_what_clients_may_call(document: dict[str, Any]) -> None:
    for operation in operations(document):
        name = operation["operationId"]
        if name != "hear_stripe":
            is_open = {"client_token": []} in operation["security"]
            assert is_open == (Role.CLIENT in ROLES[name])


@pytest.mark.asyncio(loop_scope="session")
async def test_the_root_leads_to_the_documentation(edge: PublicEdge) -> None:
    async with edge.calling(None) as anybody:
        answer = await anybody.get("/", follow_redirects=True)
    assert answer.url.path == "/docs"
    assert "rapi-doc" in answer.text


@pytest.mark.asyncio(loop_scope="session")
async def test_the_documentation_loads_nothing_from_elsewhere(edge: PublicEdge) -> None:
    async with edge.calling(None) as anybody:
        page = await anybody.get("/docs")
        sources = re.findall(r'(?:src|href|spec-url)="([^"]+)"', page.text)
        assert sources
        for source in sources:
            assert source.startswith("/")
            assert (await anybody.get(source)).is_success
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_lists_all_problem_types(edge: PublicEdge) -> None:
    async with edge.calling(None) as anybody:
        page = await anybody.get("/problems")
    assert all(f'href="{kind.uri}"' in page.text for kind in CATALOGUE.values())


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.asyncio(loop_scope="session")
async def test_every_problem_type_is_explained_at_its_address(edge: PublicEdge, name: str) -> None:
    async with edge.calling(None) as anybody:
        page = await anybody.get(CATALOGUE[name].uri)
    assert page.headers["content-type"].startswith("text/html")
    assert CATALOGUE[name].title in page.text
