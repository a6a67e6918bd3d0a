"""Who may see what."""

from typing import Final
from uuid import UUID

from web import Principal, Role

# A publishable key sees no sale and no bill: for it they do not exist.
READERS: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.OPERATOR, Role.READER})


def sees(principal: Principal, chain_id: UUID, location_id: UUID | None = None) -> bool:
    """Return whether what was sold and is owed there is shown to who asks."""
    return principal.role in READERS and principal.reaches(chain_id, location_id)
