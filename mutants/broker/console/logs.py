"""What goes to the journal of the machine: our own faults with their trace; what a browser asks wrongly in a line.

What must hold: strangers cannot fill the disk with traces, nor hide a fault of ours among theirs.
"""

from __future__ import annotations

import logging

OUR_FAULT = 500
"""HTTP: from here on it is the server's."""


class Short(logging.Filter):
    """Takes the trace off what is not our fault, and line breaks out of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always kept."""
        theirs = record.name.startswith("django.security") or getattr(record, "status_code", OUR_FAULT) < OUR_FAULT
        if theirs:
            text = record.getMessage()
            record.msg, record.args = "".join(one if one.isprintable() else "?" for one in text), ()
            record.exc_info = record.exc_text = None
        return True
