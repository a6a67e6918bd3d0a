"""Every website loads the widget's script, small, and a new one soon after it is there."""

import gzip

import httpx
import pytest

from .public_edge import PublicEdge

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_BYTES = 40 * 1024


async def load(edge: PublicEdge, **headers: str) -> httpx.Response:
    async with edge.calling(None) as browser:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await browser.get("/widget/booking.js", headers=named)


async def test_the_script_is_small(edge: PublicEdge) -> None:
    async with edge.calling(None) as browser, browser.stream("GET", "/widget/booking.js") as answer:
        compressed = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert len(compressed) <= MOST_BYTES
    assert b"punchcard-booking" in gzip.decompress(compressed)


async def test_any_website_may_load_it_as_a_module(edge: PublicEdge) -> None:
    answer = await load(edge, origin="https://lotus.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_who_takes_no_gzip_gets_it_as_it_is(edge: PublicEdge) -> None:
    answer = await load(edge, accept_encoding="identity")
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


async def test_nothing_in_it_is_markup_or_evaluated(edge: PublicEdge) -> None:
    script = (await load(edge)).text
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script
