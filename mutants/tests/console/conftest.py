"""Real processes and a real browser for the tests of this room."""

from fakes.browser import chromium, laptop, open_page
from fakes.communerun import blank_register, commune_run
from fakes.consolerun import blank_console, start_console
from fakes.consoletown import town
from fakes.dutydesk import desk, post
from fakes.lab import start_lab
from fakes.postgres import postgres

__all__ = [
    "blank_console",
    "blank_register",
    "chromium",
    "commune_run",
    "desk",
    "laptop",
    "open_page",
    "post",
    "postgres",
    "start_console",
    "start_lab",
    "town",
]
