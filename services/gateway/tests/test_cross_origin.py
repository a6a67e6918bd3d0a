"""A published key works on the websites that it was issued for, and on no other."""

from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.access import ROLES
from gateway.api import ROUTES
from web.identity import Role

from .owner import Owner
from .public_edge import PublicEdge, problem_of
from .test_access import method_and_path

pytestmark = pytest.mark.asyncio(loop_scope="session")

STUDIO = "https://lotus.example"
ELSEWHERE = "https://elsewhere.example"
OF_CORS = "access-control-allow-origin"


@pytest.fixture
def chains(edge_of_owner: PublicEdge, owner: Owner) -> PublicEdge:
    """A gateway in front of an owner who knows its location."""
    owner.chain_of[edge_of_owner.location_id] = edge_of_owner.chain_id
    return edge_of_owner


async def issue(edge: PublicEdge, *origins: str, role: str = "widget") -> httpx.Response:
    form: dict[str, Any] = {"role": role, "name": "Website", "origins": origins}
    form |= {"chain_id": str(edge.chain_id), "location_id": str(edge.location_id)}
    async with edge.platform() as platform:
        return await platform.post("/v1/api-keys", json=form)


async def ask(edge: PublicEdge, key: str, site: str | None, path: str = "") -> httpx.Response:
    headers = {} if site is None else {"Origin": site}
    async with edge.calling(key) as caller:
        return await caller.get(path or f"/v1/locations/{edge.location_id}", headers=headers)


@pytest.mark.parametrize(
    ("origins", "site", "admitted"),
    [
        ([STUDIO], STUDIO, True),
        (["https://one.example", STUDIO], STUDIO, True),
        (["*"], STUDIO, True),
        (["*"], "null", True),
        ([], STUDIO, False),
        ([STUDIO], ELSEWHERE, False),
        ([STUDIO], "null", False),
        ([STUDIO], "http://lotus.example", False),
        ([STUDIO], "https://lotus.example:8443", False),
        ([STUDIO], "https://lotus.example.evil.example", False),
        ([STUDIO], "https://www.lotus.example", False),
        ([STUDIO], "https://lotus.example, https://evil.example", False),
    ],
)
async def test_a_page_is_answered_if_its_website_is_one_of_the_keys(
    chains: PublicEdge, origins: list[str], site: str, admitted: bool
) -> None:
    key = (await issue(chains, *origins)).json()["api_key"]
    answer = await ask(chains, key, site)
    if admitted:
        assert answer.status_code == 200
        assert answer.headers[OF_CORS] == site
        assert answer.headers["vary"] == "Origin"
        assert answer.headers["access-control-expose-headers"] == "Location, Retry-After"
    else:
        assert site in problem_of(answer, 403, "forbidden")["detail"]
        assert OF_CORS not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers


async def test_who_is_no_browser_says_no_origin_and_is_answered(chains: PublicEdge) -> None:
    key = (await issue(chains)).json()["api_key"]
    answer = await ask(chains, key, None)
    assert answer.status_code == 200
    assert OF_CORS not in answer.headers


@pytest.mark.parametrize("site", ["http://edge", "http://edge:80"])
async def test_pages_of_the_edge_itself_are_always_answered(chains: PublicEdge, site: str) -> None:
    key = (await issue(chains)).json()["api_key"]
    assert (await ask(chains, key, site.removesuffix(":80"))).status_code == 200


async def test_a_refusal_can_be_read_by_the_page_that_meets_it(chains: PublicEdge) -> None:
    key = (await issue(chains, STUDIO)).json()["api_key"]
    answer = await ask(chains, key, STUDIO, f"/v1/locations/{uuid4()}")
    problem_of(answer, 404, "not-found")
    assert answer.headers[OF_CORS] == STUDIO
    async with chains.calling(key) as page:
        answer = await page.post(
            f"/v1/locations/{chains.location_id}/phone-codes", headers={"Origin": STUDIO}, json={}
        )
    problem_of(answer, 400, "invalid-request")
    assert answer.headers[OF_CORS] == STUDIO


@pytest.mark.rule("G8")
@pytest.mark.parametrize(("site", "status"), [(STUDIO, 200), (ELSEWHERE, 403), (None, 200)])
async def test_the_token_of_a_client_keeps_to_the_websites_of_the_key(
    chains: PublicEdge, site: str | None, status: int
) -> None:
    token, _ = chains.client_tokens.issue(
        chains.chain_id, chains.location_id, "+351912000000", origins=(STUDIO,)
    )
    assert (await ask(chains, token, site)).status_code == status


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.GATEWAY, Role.CLIENT])
async def test_what_was_never_published_is_read_by_no_page(chains: PublicEdge, role: Role) -> None:
    answer = await ask(chains, await chains.key(role), STUDIO)
    assert answer.status_code == 200
    assert OF_CORS not in answer.headers


async def test_before_a_key_is_sent_browsers_are_told_how_the_widget_may_ask(
    chains: PublicEdge,
) -> None:
    told: set[tuple[str, str]] = set()
    async with chains.calling(None) as browser:
        for route in ROUTES:
            method, path = method_and_path(route.handler_name, chains.chain_id, chains.location_id)
            headers = {"Origin": STUDIO, "Access-Control-Request-Method": method}
            answer = await browser.request("OPTIONS", path, headers=headers)
            assert answer.status_code == 204, (path, answer.text)
            methods = answer.headers.get("access-control-allow-methods", "").split(", ")
            assert (OF_CORS in answer.headers) == (methods != [""])
            if method in methods:
                told.add((method, route.handler_name))
                assert answer.headers[OF_CORS] == STUDIO
                assert answer.headers["vary"] == "Origin"
                allowed = answer.headers["access-control-allow-headers"]
                assert allowed == "authorization, content-type, idempotency-key"
    published = {Role.WIDGET, Role.CLIENT}
    assert {name for _, name in told} == {name for name in ROLES if ROLES[name] & published}


@pytest.mark.parametrize("path", ["/docs", "/problems", "/livez", "/v1/openapi.json"])
async def test_pages_are_for_no_other_website(edge: PublicEdge, path: str) -> None:
    async with edge.calling(None) as browser:
        for method, headers in product(["GET", "OPTIONS"], [{"Origin": STUDIO}]):
            answer = await browser.request(method, path, headers=headers)
            assert OF_CORS not in answer.headers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (STUDIO, STUDIO),
        ("HTTPS://Lotus.Example", STUDIO),
        ("https://lotus.example:443", STUDIO),
        ("http://lotus.example:80", "http://lotus.example"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("*", "*"),
    ],
)
async def test_origins_are_kept_as_browsers_say_them(
    chains: PublicEdge, typed: str, kept: str
) -> None:
    issued = await issue(chains, typed)
    assert issued.status_code == 201, issued.text
    assert issued.json()["origins"] == [kept]
    async with chains.platform() as platform:
        listed = (await platform.get("/v1/api-keys")).json()["api_keys"]
    [same] = [one for one in listed if one["api_key_id"] == issued.json()["api_key_id"]]
    assert same["origins"] == [kept]


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    "typed",
    [
        "lotus.example",
        "https://lotus.example/",
        "https://lotus.example/book",
        "https://*.lotus.example",
        "https://user@lotus.example",
        "ftp://lotus.example",
        "https://lötus.example",
        "https://",
        "https://lotus.example\n",
        "null",
        "",
    ],
)
async def test_what_is_no_origin_is_refused(chains: PublicEdge, typed: str) -> None:
    document = problem_of(await issue(chains, typed), 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["origins.0"]


@pytest.mark.rule("X4")
async def test_a_key_that_is_never_published_has_no_origins(chains: PublicEdge) -> None:
    problem_of(await issue(chains, STUDIO, role="operator"), 400, "invalid-request")
