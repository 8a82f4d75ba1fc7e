"""What the commune adds to the unit of Debian's own Mosquitto: /etc/systemd/system/mosquitto.service.d/keng.conf.

What must hold: it is started as its own user and never as root (Debian's unit starts it as root, which it then leaves);
it comes back for ever, however often it dies; it may have as many connections as its configuration promises; the kernel
ends almost anything else first. Mosquitto 2.0 feeds no watchdog: that it answers is seen by the commune's beacon, and
keng-broker.service kills it when it does not.
It does not know what else somebody has put into Mosquitto's conf.d: a file that only root may read (a certificate of
another kind) must be given to the user mosquitto.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DROP_IN = Path("/etc/systemd/system/mosquitto.service.d/keng.conf")


def mosquitto_unit(open_files: int) -> Iterator[str]:
    """Lines of the drop-in, for so many open files."""
    yield from f"""\
[Unit]
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=1
LimitNOFILE={open_files}
OOMScoreAdjust=-800
TasksMax=64
UMask=0077

# Debian 12 and 13 make these two by ExecStartPre, as root.
ExecStartPre=
User=mosquitto
Group=mosquitto
RuntimeDirectory=mosquitto
RuntimeDirectoryMode=0750
LogsDirectory=mosquitto
LogsDirectoryMode=0750
StateDirectory=mosquitto
StateDirectoryMode=0750

# A listener of somebody's own below 1024.
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
AmbientCapabilities=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
ProcSubset=pid
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM""".splitlines()
