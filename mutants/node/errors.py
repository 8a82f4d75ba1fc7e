"""What can be wrong with a node's shells. A person reads each of these, so each says what, where and what to do.

KengError
└── NodeError
    ├── SettingsError     (ValueError) node.yaml: every fault with file, line and field
    ├── PinFault          (OSError)    pins that cannot be claimed, read or driven
    ├── AlreadyRunning    (OSError)    another process works on the same state directory
    ├── StateFault        (OSError)    the state directory cannot be used
    ├── ControlFault      (OSError)    the demo's control socket: nobody there, or a word it does not know
    └── TraceFault        (ValueError) a trace that cannot be replayed
"""

from __future__ import annotations

from patterns.errors import KengError


class NodeError(KengError):
    """The root of what a person must mend at a node."""


class SettingsError(NodeError, ValueError):
    """The node's settings cannot be used; file, line and field are in the sentence."""


class PinFault(NodeError, OSError):
    """A pin cannot be claimed, read or driven, now."""


class AlreadyRunning(NodeError, OSError):
    """Another node process holds the state directory."""


class StateFault(NodeError, OSError):
    """The state directory cannot be made or written."""


class ControlFault(NodeError, OSError):
    """The control socket cannot be opened, reached or understood."""


class TraceFault(NodeError, ValueError):
    """A trace that cannot be read."""
