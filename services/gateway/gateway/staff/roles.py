"""What people of the back office are."""

from enum import StrEnum


class StaffRole(StrEnum):
    """Each may do what those below it may, at the places that it is for."""

    PLATFORM = "platform"
    """Runs the installation, and sees its messages; has no business in a chain."""
    OWNER = "owner"
    """Of a chain: everything at all of its locations, and what concerns the chain as a whole."""
    ADMINISTRATOR = "administrator"
    """Of a location: its settings, reports, and all that an operator may."""
    OPERATOR = "operator"
    """The front desk of a location."""

    def includes(self, other: "StaffRole") -> bool:
        """Return whether this role may do what is for `other`."""
        if StaffRole.PLATFORM in {self, other}:
            return self is other
        ranks = (StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.OWNER)
        return ranks.index(self) >= ranks.index(other)
