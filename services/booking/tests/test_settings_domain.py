"""What the settings of services and locations make of each other."""

from dataclasses import replace
from uuid import uuid4

import pytest

from booking.domain.catalogue import Location, OnlinePayment, PaymentPolicy, Service, ServiceKind
from booking.domain.refusals import Refusal
from booking.domain.settings import duplicate, follow_policy, must_agree, online_payment


def location(individual: PaymentPolicy = "off", group: PaymentPolicy = "off") -> Location:
    policy = OnlinePayment(individual, group)
    return Location(uuid4(), uuid4(), "Mitte", "Europe/Berlin", "EUR", "DE", policy)


def service(
    kind: ServiceKind, *, membership_booking: bool = False, online_prepayment: bool = False
) -> Service:
    return Service(
        service_id=uuid4(),
        location_id=uuid4(),
        name="Yoga",
        kind=kind,
        duration_minutes=60,
        price=5_000,
        membership_booking=membership_booking,
        automatic_debiting=False,
        free_cancellation_hours=0,
        online_prepayment=online_prepayment,
    )


def with_both(kind: ServiceKind) -> Service:
    return service(kind, membership_booking=True, online_prepayment=True)


@pytest.mark.parametrize("policy", ["off", "optional", "mandatory"])
def test_a_service_with_prepayment_is_paid_as_the_policy_of_its_kind_says(
    policy: PaymentPolicy,
) -> None:
    here = location(individual=policy)
    assert online_payment(service("individual", online_prepayment=True), here) == policy
    assert online_payment(service("individual"), here) == "off"
    assert online_payment(service("group", online_prepayment=True), here) == "off"
    assert online_payment(service("group", online_prepayment=True), location("off", policy)) == (
        policy
    )


@pytest.mark.rule("G2")
@pytest.mark.parametrize("policy", ["optional", "mandatory"])
def test_an_individual_service_takes_either_prepayment_or_the_membership_switch(
    policy: PaymentPolicy,
) -> None:
    with pytest.raises(Refusal) as refused:
        must_agree(with_both("individual"), location(individual=policy))
    assert refused.value.kind == "settings-conflict"
    for words in ("Prohibit online booking without a membership", "Online prepayment", "duplicate"):
        assert words in refused.value.detail
    for one in (
        service("individual", membership_booking=True),
        service("individual", online_prepayment=True),
    ):
        must_agree(one, location(individual=policy))


@pytest.mark.rule("G2")
def test_without_online_payment_of_individual_services_the_settings_do_not_contradict() -> None:
    must_agree(with_both("individual"), location(individual="off", group="mandatory"))


@pytest.mark.rule("G3")
@pytest.mark.parametrize("policy", ["off", "optional", "mandatory"])
def test_a_group_service_may_have_both(policy: PaymentPolicy) -> None:
    must_agree(with_both("group"), location(individual=policy, group=policy))


@pytest.mark.rule("G4")
def test_a_policy_turned_on_turns_on_prepayment_but_not_beside_the_individual_switch() -> None:
    off, on = OnlinePayment(), OnlinePayment("optional", "mandatory")
    for kind in ("individual", "group"):
        assert follow_policy(service(kind), off, on).online_prepayment
    assert follow_policy(service("group", membership_booking=True), off, on).online_prepayment
    assert not follow_policy(with_both("individual"), off, on).online_prepayment


@pytest.mark.rule("G4")
def test_services_keep_their_prepayment_when_a_policy_is_not_turned_on() -> None:
    optional, mandatory = OnlinePayment("optional"), OnlinePayment("mandatory")
    for before, after in ((optional, mandatory), (mandatory, OnlinePayment()), (optional,) * 2):
        for one in (service("individual"), service("individual", online_prepayment=True)):
            assert follow_policy(one, before, after) == one
    group = service("group")
    assert follow_policy(group, OnlinePayment(), mandatory) == group


@pytest.mark.rule("G2")
def test_the_setting_that_is_turned_on_for_a_copy_turns_the_other_off_there() -> None:
    prepaid = service("individual", online_prepayment=True)
    by_membership = duplicate(
        prepaid, uuid4(), name=None, membership_booking=True, online_prepayment=None
    )
    assert (by_membership.membership_booking, by_membership.online_prepayment) == (True, False)
    back = duplicate(
        by_membership, uuid4(), name="Prepaid", membership_booking=None, online_prepayment=True
    )
    assert (back.name, back.membership_booking, back.online_prepayment) == ("Prepaid", False, True)


@pytest.mark.parametrize("original", [with_both("individual"), with_both("group")])
def test_a_plain_copy_differs_by_its_id_alone(original: Service) -> None:
    copy = duplicate(original, uuid4(), name=None, membership_booking=None, online_prepayment=None)
    assert copy != original
    assert replace(copy, service_id=original.service_id) == original


def test_a_copy_is_what_is_said_of_it() -> None:
    copy = duplicate(
        service("individual"), uuid4(), name=None, membership_booking=True, online_prepayment=True
    )
    assert (copy.membership_booking, copy.online_prepayment) == (True, True)
    group = duplicate(
        service("group", online_prepayment=True),
        uuid4(),
        name=None,
        membership_booking=True,
        online_prepayment=None,
    )
    assert (group.membership_booking, group.online_prepayment) == (True, True)
