"""Who asks for codes, as far as the limits are concerned."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

_OF_ONE_CALLER: Final = 64  # bits that a provider gives to one customer, who may take any address


def network_of(host: str) -> str:
    """Return an address, or of IPv6 the network in which its owner may take any other."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address) or address.ipv4_mapped is not None:
        return host
    return str(IPv6Network((int(address), _OF_ONE_CALLER), strict=False))
