"""Every website loads the widget's script, small, and a new one soon after it is there."""

import gzip
import re
from urllib.parse import urljoin

import httpx
import pytest

from .public_edge import PublicEdge

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOADER = "/widget/booking.js"
MOST_BYTES = 40 * 1024


async def load(edge: PublicEdge, path: str = LOADER, **headers: str) -> httpx.Response:
    async with edge.calling(None) as browser:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await browser.get(path, headers=named)


async def load_compressed(edge: PublicEdge, path: str) -> bytes:
    async with edge.calling(None) as browser, browser.stream("GET", path) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        return b"".join([part async for part in answer.aiter_raw()])


async def modules(edge: PublicEdge) -> list[str]:
    """Return the paths of all modules that the loader names."""
    return imported(LOADER, (await load(edge)).text)


def imported(path: str, script: str) -> list[str]:
    named: list[str] = re.findall(r'^(?:import|\} from|.* from) "(\..*)";$', script, re.MULTILINE)
    return [urljoin(path, name) for name in named]


async def test_the_script_with_all_its_modules_is_small(edge: PublicEdge) -> None:
    paths = [LOADER, *await modules(edge)]
    parts = [await load_compressed(edge, path) for path in paths]
    assert sum(map(len, parts)) <= MOST_BYTES
    assert b"punchcard-booking" in b"".join(map(gzip.decompress, parts))


async def test_the_loader_names_every_module_that_modules_import(edge: PublicEdge) -> None:
    named = await modules(edge)
    assert len(named) == len(set(named))
    for path in named:
        assert set(imported(path, (await load(edge, path)).text)) <= set(named)


async def test_any_website_may_load_it_as_a_module(edge: PublicEdge) -> None:
    for path in (LOADER, (await modules(edge))[0]):
        answer = await load(edge, path, origin="https://lotus.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_who_takes_no_gzip_gets_it_as_it_is(edge: PublicEdge) -> None:
    element = next(path for path in await modules(edge) if path.endswith("/element.js"))
    for path in (LOADER, element):
        answer = await load(edge, path, accept_encoding="identity")
        assert "content-encoding" not in answer.headers
        assert answer.headers["vary"] == "Accept-Encoding"
    assert "customElements.define" in answer.text


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_who_has_it_is_told_so(edge: PublicEdge, encoding: str) -> None:
    first = await load(edge, accept_encoding=encoding)
    again = await load(
        edge, accept_encoding=encoding, if_none_match=f'"x", W/{first.headers["etag"]}'
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    other = await load(edge, accept_encoding=encoding, if_none_match='"x"')
    assert other.status_code == 200


async def test_modules_are_kept_for_ever_and_the_loader_for_minutes(edge: PublicEdge) -> None:
    assert (await load(edge)).headers["cache-control"] == "public, max-age=300"
    module = await load(edge, (await modules(edge))[0])
    assert module.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_loader_of_another_version_gets_what_there_is_and_nobody_keeps_it(
    edge: PublicEdge,
) -> None:
    path = (await modules(edge))[0]
    version = path.split("/")[2]
    other = await load(edge, path.replace(version, "0123456789abcdef"))
    assert other.headers["cache-control"] == "no-store"
    assert other.content == (await load(edge, path)).content


@pytest.mark.parametrize(
    "name", ["missing.js", "booking.js", "../office.js", "%2e%2e/office.js", "words", ""]
)
async def test_only_modules_of_the_widget_are_there(edge: PublicEdge, name: str) -> None:
    version = (await modules(edge))[0].split("/")[2]
    assert (await load(edge, f"/widget/{version}/{name}")).status_code == 404


async def test_nothing_in_it_is_markup_or_evaluated(edge: PublicEdge) -> None:
    for path in await modules(edge):
        script = (await load(edge, path)).text
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in script
