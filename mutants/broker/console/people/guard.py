"""The sign-in page under attack: wrong passwords cost time, and never lock an officer out. Pure; time is passed in.

Three kinds of tries:
- from a door that is known to be the account's own (the console's own machine, an address at which the account has a
  standing session, a browser in which the account has signed in before): counted by itself, at a bounded rate;
- from anywhere else: counted for the account and for the address, and the longer wait holds.

What must hold: whatever strangers do, an officer at a known door waits KNOWN.most_s at most, and only for mistakes made
at that door; a name that nobody bears is counted like any other, so a wait tells nothing. After a console's restart all
is forgiven (slowing.py).
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from broker.console.people.slowing import Rule, Slowing

ACCOUNT = Rule(free=10, first_s=2.0, most_s=60.0, forget_s=3600.0)
ADDRESS = Rule(free=20, first_s=2.0, most_s=300.0, forget_s=3600.0)
KNOWN = Rule(free=5, first_s=2.0, most_s=15.0, forget_s=3600.0)
"""5,760 tries a day at most, at a password of twelve characters that is on no list."""
OWN = frozenset({"127.0.0.1", "::1"})
HOSTS_BITS = 64  # of an IPv6 network: one machine there has as many addresses as it likes
MAX_NAME = 64


def is_own(client: str, server: str) -> bool:
    """Whether somebody sits at the console's own machine: both ends of the connection are this machine's."""
    return client in OWN or (client == server and client != "")


def network_of(address: str) -> str:
    """What is counted as one address."""
    try:
        parsed = ip_address(address.split("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, HOSTS_BITS), strict=False))
    return str(parsed)


class Guard:
    """Of one page where secrets are tried. Thread-safe."""

    def __init__(self) -> None:
        """Nobody has tried anything."""
        self._account = Slowing(ACCOUNT)
        self._address = Slowing(ADDRESS)
        self._known = Slowing(KNOWN)

    def take(self, name: str, address: str, known: str, now_s: float) -> float:
        """Begin a try: 0, or how long to wait. `known` names the known door it comes from; empty: none."""
        name = name[:MAX_NAME]
        if known:
            return self._known.take(f"{name} {known}", now_s)
        network = network_of(address)
        wait_s = max(self._account.wait_s(name, now_s), self._address.wait_s(network, now_s))
        if wait_s > 0:
            return wait_s
        return max(self._account.take(name, now_s), self._address.take(network, now_s))

    def passed(self, name: str, address: str, known: str) -> None:
        """It was right: its own door is forgiven. The account is not: strangers may be at it still."""
        if known:
            self._known.passed(f"{name[:MAX_NAME]} {known}")
        else:
            self._address.passed(network_of(address))
