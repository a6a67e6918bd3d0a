"""A principal's token says who asked, at the time it was asked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from web.identity import (
    ExpiredToken,
    InvalidToken,
    Principal,
    Role,
    new_key_pair,
    sign,
    verify,
    verify_key_of,
)

KEYS = new_key_pair()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def operator() -> Principal:
    return Principal(id=uuid4(), role=Role.OPERATOR, chain_id=uuid4(), location_id=uuid4())


def test_a_token_brings_back_the_principal_that_was_signed() -> None:
    principal = operator()
    token = sign(principal, KEYS.signing_key, NOON)
    assert verify(token, KEYS.verify_key, NOON) == principal


def test_a_platform_token_has_no_chain() -> None:
    principal = Principal(id=uuid4(), role=Role.PLATFORM)
    token = sign(principal, KEYS.signing_key, NOON)
    assert verify(token, KEYS.verify_key, NOON).chain_id is None


@pytest.mark.parametrize("late", [timedelta(minutes=-1), timedelta(seconds=80), timedelta(days=1)])
def test_a_token_is_for_its_minute_alone(late: timedelta) -> None:
    token = sign(operator(), KEYS.signing_key, NOON)
    with pytest.raises(ExpiredToken):
        verify(token, KEYS.verify_key, NOON + late)


def test_clocks_may_differ_by_some_seconds() -> None:
    token = sign(operator(), KEYS.signing_key, NOON)
    assert verify(token, KEYS.verify_key, NOON - timedelta(seconds=5))
    assert verify(token, KEYS.verify_key, NOON + timedelta(seconds=65))


def test_a_token_that_somebody_else_signed_is_invalid() -> None:
    token = sign(operator(), new_key_pair().signing_key, NOON)
    with pytest.raises(InvalidToken):
        verify(token, KEYS.verify_key, NOON)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "pk_operator_1_2"])
def test_what_is_no_token_is_invalid(token: str) -> None:
    with pytest.raises(InvalidToken):
        verify(token, KEYS.verify_key, NOON)


def test_an_operator_reaches_its_location_and_what_its_chain_shares() -> None:
    principal = operator()
    assert principal.chain_id
    assert principal.location_id
    assert principal.reaches(principal.chain_id)
    assert principal.reaches(principal.chain_id, principal.location_id)
    assert not principal.reaches(principal.chain_id, uuid4())
    assert not principal.reaches(uuid4())
    assert not principal.reaches(uuid4(), principal.location_id)


def test_a_trusted_gateway_reaches_all_locations_of_its_chain() -> None:
    chain_id = uuid4()
    principal = Principal(id=uuid4(), role=Role.GATEWAY, chain_id=chain_id)
    assert principal.reaches(chain_id, uuid4())
    assert not principal.reaches(uuid4(), uuid4())


def test_the_platform_reaches_everything() -> None:
    assert Principal(id=uuid4(), role=Role.PLATFORM).reaches(uuid4(), uuid4())


def test_only_a_trusted_gateway_may_vouch_for_a_phone() -> None:
    chain_id = uuid4()
    vouching = [
        role
        for role in Role
        if Principal(id=uuid4(), role=role, chain_id=chain_id).may_vouch_for_phones
    ]
    assert vouching == [Role.GATEWAY]


def test_a_token_for_an_audience_is_worth_nothing_elsewhere() -> None:
    principal = operator()
    token = sign(
        principal, KEYS.signing_key, NOON, lifetime=timedelta(hours=12), audience="clients"
    )
    eleven_hours_later = NOON + timedelta(hours=11)
    assert verify(token, KEYS.verify_key, eleven_hours_later, audience="clients") == principal
    for audience in (None, "others"):
        with pytest.raises(InvalidToken):
            verify(token, KEYS.verify_key, NOON, audience=audience)


def test_a_token_for_nobody_in_particular_does_not_do_for_an_audience() -> None:
    token = sign(operator(), KEYS.signing_key, NOON)
    with pytest.raises(InvalidToken):
        verify(token, KEYS.verify_key, NOON, audience="clients")


def test_the_verify_key_follows_from_the_signing_key() -> None:
    assert verify_key_of(KEYS.signing_key) == KEYS.verify_key
