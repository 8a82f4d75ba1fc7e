"""What can go wrong on the commune's machine, said in both languages of the house.

    BrokerError               (patterns.errors.KengError) what a person can act on
    ├── SettingsError         (ValueError) commune.yaml, or a file that it names
    ├── KeyFault              (OSError)    the commune's signing key
    ├── RegisterError         the register
    │   ├── RegisterFull      (OSError)    no room on its disk; nothing of the transaction is there
    │   ├── RegisterFault     (OSError)    it cannot be read or written; nothing of the transaction is there
    │   ├── RegisterTaken     (OSError)    another service holds it
    │   ├── RegisterForeign   (ValueError) a file that is no register, or is damaged
    │   └── RegisterNewer     (ValueError) written by a newer program
    ├── MosquittoError        (OSError)    the MQTT broker cannot be started
    ├── ReleaseUnfit          (ValueError) a release of the program that must not be offered (broker/release.py)
    └── CertificateError      (OSError)    the commune's certificates cannot be made

Full and Fault pass: the service goes on without the register, says so, and tries again. The others end the start.
"""

from __future__ import annotations

from patterns.errors import KengError

EXIT_FAULT = 78
"""EX_CONFIG of sysexits.h: a person must act first; the unit file keeps systemd from trying again and again."""


class BrokerError(KengError):
    """The root of what a person can act on here."""


class SettingsError(BrokerError, ValueError):
    """commune.yaml or a file that it names: one sentence for each fault."""


class KeyFault(BrokerError, OSError):
    """The signing key cannot be read, written, or is none."""


class RegisterError(BrokerError):
    """The register cannot do what it must."""


class RegisterFull(RegisterError, OSError):
    """No room on the register's disk."""


class RegisterFault(RegisterError, OSError):
    """The register cannot be read or written."""


class RegisterTaken(RegisterError, OSError):
    """Another service holds this register."""


class RegisterForeign(RegisterError, ValueError):
    """The file is no register of this program, or is damaged."""


class RegisterNewer(RegisterError, ValueError):
    """The register was written by a newer program."""


class MosquittoError(BrokerError, OSError):
    """The MQTT broker is missing, or cannot run as asked."""


class CertificateError(BrokerError, OSError):
    """The commune's certificates cannot be made or read."""
