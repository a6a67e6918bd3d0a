"""What the roles of staff include."""

from gateway.staff import StaffRole


def test_a_role_may_what_those_below_it_may() -> None:
    above = [StaffRole.OWNER, StaffRole.ADMINISTRATOR, StaffRole.OPERATOR]
    for number, role in enumerate(above):
        assert [role.includes(other) for other in above] == [at >= number for at in range(3)]
        assert not role.includes(StaffRole.PLATFORM)
        assert not StaffRole.PLATFORM.includes(role)
    assert StaffRole.PLATFORM.includes(StaffRole.PLATFORM)
