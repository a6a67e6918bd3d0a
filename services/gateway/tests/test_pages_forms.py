"""What a browser sends with a form, however odd: it is a field, or it is refused, and no more."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from gateway.pages.desk import FLASH, Visit
from gateway.pages.forms import Form
from gateway.staff import SignedIn

from .public_edge import PublicEdge
from .test_staff import browser


def of(**fields: str) -> Form:
    return Form(list(fields.items()))


@pytest.mark.parametrize("key", ["é", "²", "\r\nAuthorization: x", "k" * 101, "a b", "\ud7ff"])
def test_a_key_that_no_header_takes_is_another_one_always_the_same(key: str) -> None:
    made = of(idempotency_key=key).key
    assert UUID(made)
    assert made == of(idempotency_key=key).key
    assert made != of(idempotency_key=f"{key}x").key


def test_a_key_is_the_one_that_the_form_was_rendered_with() -> None:
    key = "0b5e8f8e-9d0e-4a39-a1b8-0d9f0a3c1f55"
    assert of(idempotency_key=key).key == key
    assert Form().key != Form().key


@pytest.mark.parametrize("typed", ["9" * 5000, "--1", "²", "1.5", "0x10"])
def test_a_number_that_is_none_stays_as_it_was_typed(typed: str) -> None:
    assert of(capacity=typed).number("capacity") == typed


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("kept", ["[" * 5000, "{", quote("[1"), "%ff", '"<script>"'])
async def test_a_cookie_that_is_none_of_ours_says_nothing(edge: PublicEdge, kept: str) -> None:
    async with browser(edge) as caller:
        answer = await caller.get("/office/sign-in", headers={"Cookie": f"{FLASH}={kept}"})
        assert answer.status_code == 200
        assert "<script>" not in answer.text.partition("<body")[2]


@pytest.mark.parametrize(("status", "is_kept"), [(503, True), (500, True), (422, False)])
def test_a_form_whose_outcome_nobody_knows_keeps_its_key(status: int, is_kept: bool) -> None:
    key = "0b5e8f8e-9d0e-4a39-a1b8-0d9f0a3c1f55"
    state = {"form": of(idempotency_key=key)}
    request: Any = SimpleNamespace(scope={"state": state}, cookies={})
    staff = SignedIn(uuid4(), "Olivia", "olivia@lotus.example", (), "a token")
    visit = Visit(request, staff, secure_cookies=True)
    answer = visit.page("office/account.html", status=status, problem=None)
    assert (f'name="idempotency_key" value="{key}"' in answer.content) == is_kept
