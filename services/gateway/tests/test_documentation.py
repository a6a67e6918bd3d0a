"""The OpenAPI document says what the API does, and its pages need nothing from elsewhere."""

import re
from typing import Any

import pytest
import pytest_asyncio

from contracts.base import Form
from contracts.problems import CATALOGUE
from gateway.api.examples import EXAMPLES

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
        assert operation["security"] == [{"api_key": []}]
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


@pytest.mark.asyncio(loop_scope="session")
async def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    bodies = [each["requestBody"] for each in operations(document) if "requestBody" in each]
    names = {
        body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] for body in bodies
    }
    assert names == {form.__name__ for form in EXAMPLES}
    assert all("examples" in document["components"]["schemas"][name] for name in names)


@pytest.mark.parametrize("form", EXAMPLES, ids=lambda form: form.__name__)
def test_an_example_is_valid(form: type[Form]) -> None:
    form.model_validate(EXAMPLES[form])


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


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.asyncio(loop_scope="session")
async def test_every_problem_type_is_explained_at_its_address(edge: PublicEdge, name: str) -> None:
    async with edge.calling(None) as anybody:
        page = await anybody.get(CATALOGUE[name].uri)
    assert page.headers["content-type"].startswith("text/html")
    assert CATALOGUE[name].title in page.text
