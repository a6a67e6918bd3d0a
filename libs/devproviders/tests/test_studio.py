"""The studio's website shows the widget, under as strict a policy as websites have."""

import httpx
import pytest

_GIVEN = {"location": "L", "key": 'pk_"><script>', "api": "http://edge.test:8080/ignored"}


async def test_the_website_has_the_widget_and_lets_nothing_else_in(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as visitor:
        page = await visitor.get("/studio", params=_GIVEN | {"lang": "de", "theme": "dark"})
        for path in ("/studio.css", "/studio.js"):
            assert (await visitor.get(path)).is_success
    assert 'key="pk_&quot;&gt;&lt;script&gt;" lang="de" theme="dark"' in page.text
    assert 'src="http://edge.test:8080/widget/booking.js"' in page.text
    assert 'href="http://edge.test:8080/book/L"' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("api", ["javascript:alert(1)", "edge.test", "http://a.test; script-src *"])
async def test_what_is_no_address_of_an_edge_is_refused(url: str, api: str) -> None:
    async with httpx.AsyncClient(base_url=url) as visitor:
        assert (await visitor.get("/studio", params=_GIVEN | {"api": api})).status_code == 400
