"""`keng console`: bring the console's own tables up to date, then serve, over HTTPS where there is a certificate.

What must hold: it is up without the service, without Mosquitto and without a register (each is said on the page);
SIGTERM ends it
within END_S, open streams included; systemd hears of it only while it moves (heart.py).
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from broker.console.heart import ConsoleHeart
from broker.console.settings import SETTINGS_FILE, ConsoleSettings, load_console
from broker.console.tls import Renewed, harden
from broker.errors import EXIT_FAULT
from broker.sdnotify import Notifier
from patterns.errors import KengError
from wire.errors import LinkFault

END_S = 3
MAX_CONNECTIONS = 1_000  # at once: doorkeeper.py says how many of them one address may have
KEEP_S = 65
MALLOC = ((-8, 1), (-3, 128 * 1024), (-1, 128 * 1024))
"""malloc.h: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD; the last two as they are, which being set keeps so."""


def run(settings_file: Path | None = None) -> int:
    """Serve until SIGTERM or SIGINT; an exit code. What a person must mend is said on stderr, in both languages."""
    path = (settings_file or SETTINGS_FILE).absolute()
    thrifty()
    try:
        settings = load_console(path)
        prepare(path)
        from broker.console.live import now

        hub = now.hub()
    except (KengError, LinkFault) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAULT
    from broker.console.live.teller import Teller

    teller = Teller(hub.ask)
    teller.start()
    try:
        _serve(settings, ConsoleHeart(Notifier(os.environ), lambda: hub.turns, hub.stuck))
    finally:
        teller.end()
        now.close()
    return 0


def thrifty() -> None:
    """Memory that a page has used goes back. Each request has a thread of its own, and glibc would give each thread an
    arena; and once a password's 19 MiB have come and gone, it would keep as much of every arena for the next."""
    with suppress(OSError, AttributeError):  # another libc has neither
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in MALLOC:
            mallopt(option, value)


def _serve(settings: ConsoleSettings, heart: ConsoleHeart) -> None:
    import uvicorn

    from broker.console.doorkeeper import Doorkeeper, more_files

    listen = settings.listen
    config = uvicorn.Config(
        "broker.console.asgi:application",
        host=listen.address,
        port=listen.port,
        http=Doorkeeper,
        ssl_certfile=listen.certificate,
        ssl_keyfile=listen.key,
        lifespan="off",
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=END_S,
        timeout_keep_alive=KEEP_S,
        limit_concurrency=MAX_CONNECTIONS,
    )
    config.load()
    more_files()
    if config.ssl is not None and listen.certificate is not None and listen.key is not None:
        harden(config.ssl)
        Renewed(config.ssl, listen.certificate, listen.key).start()

    class Served(uvicorn.Server):
        """One that systemd hears of."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                heart.begin()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            heart.end()
            await super().shutdown(sockets)

    Served(config).run()


def prepare(path: Path) -> None:
    """Django, set up for this console; its own tables made or migrated."""
    os.environ["KENG_CONSOLE"] = str(path)
    os.environ["DJANGO_SETTINGS_MODULE"] = "broker.console.django_settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="default", verbosity=0, interactive=False)
