"""Addresses that nobody links to: each is answered with a page, and none is a mistake of ours."""

import httpx
import pytest

from gateway.pages.paths import leads_below

from .public_edge import PublicEdge
from .test_staff import browser

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOCATION = "00000000-0000-4000-8000-000000000000"


async def asked(edge: PublicEdge, method: str, path: str) -> httpx.Response:
    async with browser(edge) as caller:
        return await caller.request(method, path)


@pytest.mark.parametrize(
    "path",
    ["/office/x", "/office/%00", "/office/%2f%2fevil.example", f"/office/{LOCATION}/x", "/book/x"],
)
async def test_an_address_that_there_is_not_is_answered_with_a_page(
    edge: PublicEdge, path: str
) -> None:
    answer = await asked(edge, "GET", path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in answer.text


@pytest.mark.parametrize("path", ["/office/sign-in", f"/office/{LOCATION}/calendar"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_a_method_that_there_is_not_is_answered_with_a_page(
    edge: PublicEdge, path: str, method: str
) -> None:
    answer = await asked(edge, method, path)
    assert answer.status_code == 405
    assert answer.headers["content-type"].startswith("text/html")


async def test_the_api_goes_on_answering_with_problem_documents(edge: PublicEdge) -> None:
    for method, path, status in (("GET", "/v1/x", 404), ("PATCH", "/v1/chains", 405)):
        answer = await asked(edge, method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name",
    [
        *("a%00.css", "../app.py", "%2e%2e/templates/base.html", "..%2f..%2fx.css", "%ff.css"),
        *("/etc/passwd.css", "vendor", "docs.html", f"{'a' * 5000}.css", ".css", "a/../../x.js"),
    ],
)
async def test_no_file_but_styles_and_scripts_is_given_away(edge: PublicEdge, name: str) -> None:
    assert (await asked(edge, "GET", f"/static/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        *((path, True) for path in ("/book/a", "/book/a/times", "/book/a?x=//evil", "/book/a/é")),
        *((path, False) for path in ("", "/book/ab", "/v1", "//evil/book/a", "http://evil/book/a")),
        *((path, False) for path in ("//[", "http://[", "/book/a/\\evil", "/book/a/\n", "book/a")),
        *((path, False) for path in ("javascript:/book/a", "/book/a/\u202e", "\t//evil/book/a")),
    ],
)
async def test_a_path_leads_on_below_its_start_alone(path: str, leads: bool) -> None:
    assert leads_below("/book/a", path) == leads
