"""Whose codes are counted together."""

import pytest

from gateway.phones import network_of


@pytest.mark.rule("G8")
@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002::00ff"),
    ],
)
def test_whoever_has_a_network_of_addresses_is_one_caller(one: str, another: str) -> None:
    assert network_of(one) == network_of(another)


@pytest.mark.rule("G8")
@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("192.0.2.1", "192.0.2.2"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("a", "b"),
    ],
)
def test_others_are_other_callers(one: str, another: str) -> None:
    assert network_of(one) != network_of(another)
