from __future__ import annotations

import pytest

from geo.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "::1", "::", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1"),  # noqa: S104
        *("100.64.0.1", "169.254.169.254", "fe80::1%eth0", "fd00:ec2::254", "fec0::1"),
        *("224.0.0.1", "255.255.255.255", "ff02::1", "192.0.2.1", "192.0.0.8"),
        # an IPv4 address within IPv6: mapped, NAT64, 6to4
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
    ],
)
def test_private_addresses_are_known_in_every_disguise(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_public(address):
    assert is_public(address)


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match="appear"):
        is_public("localhost")
