"""What the commune's core is told about itself at its start: who it is, whom it knows, which key it has."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Role = Literal["officer", "watch", "console"]
CONSOLE = "console"
"""The web console's user, where there are no passwords; elsewhere the settings say who has its role."""


class CommuneSetup(Struct, frozen=True, kw_only=True):
    """Everything but the register that a core starts from."""

    commune: str
    """Slug."""
    run: str
    """Identifies this run of the service."""
    seed: bytes
    """Secret entropy of this run, 32 bytes: the ids of officers' alarms come from it."""
    codebook: dict[str, Any] | None = None
    """Fields of the code book's file; none: the one in the register, if there is one."""
    users: dict[str, Role] = {}
    """Who may ask: an officer acts, a watcher only looks, a console acts for the officer whom it names."""
    open_network: bool = False
    """Whether any user may ask as an officer (the demo: no passwords, nobody to tell apart)."""
    commune_key: str | None = None
    """The commune's public key (base64); none: a network without keys, where unsigned alerts are taken."""
    version: str = "0"
    """Of the software."""
    beacon: bool = False
    """Whether to watch the broker by a beacon. A core in a simulation of months has no broker to watch."""
    retires: bool = False
    """Whether the shell can have a node dismissed; without it a person does that on the commune's machine."""
    restarts_broker: bool = False
    """Whether the shell can start the broker anew; without it a broker that hangs is a trouble, and no more."""

    def role_of(self, user: str) -> Role | None:
        """What this user may do; none: nothing."""
        anybody: Role | None = ("console" if user == CONSOLE else "officer") if self.open_network else None
        return self.users.get(user) or anybody
