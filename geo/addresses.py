"""Is this address on the public internet, or would a request reach something private?"""

from __future__ import annotations

import ipaddress

# set apart for protocols; Python calls some of it global
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address is public, also where it hides an IPv4 address within IPv6.

    Raises
    ------
    ValueError
        When the text is no IP address.
    """
    held = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    if isinstance(held, ipaddress.IPv6Address) and held.is_site_local:
        return False
    if isinstance(held, ipaddress.IPv4Address) and held in _PROTOCOLS:
        return False
    return held.is_global and not held.is_multicast and not held.is_reserved


def _unwrapped(address: _Address) -> _Address:
    """IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address.teredo:
        inner = address.teredo[1]
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address
