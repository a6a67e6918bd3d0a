"""Messages to phones are found where a person, or a test, would look for them."""

import httpx


async def test_messages_to_a_phone_are_found_newest_first(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as sender:
        for phone, text in (("+491", "first"), ("+492", "other"), ("+491", "<second>")):
            sent = await sender.post("/messages", json={"phone": phone, "text": text})
            assert sent.status_code == 201
        found = (await sender.get("/messages", params={"phone": "+491"})).json()
        assert [one["text"] for one in found] == ["<second>", "first"]
        page = (await sender.get("/")).text
    assert "&lt;second&gt;" in page
    assert "+492" in page


async def test_a_message_that_is_sent_again_under_its_key_is_there_once(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as sender:
        for _ in range(2):
            await sender.post(
                "/messages",
                json={"phone": "+491", "text": "code"},
                headers={"Idempotency-Key": "1"},
            )
        assert len((await sender.get("/messages", params={"phone": "+491"})).json()) == 1


async def test_a_message_without_a_phone_is_refused(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as sender:
        assert (await sender.post("/messages", json={"text": "code"})).status_code == 400
