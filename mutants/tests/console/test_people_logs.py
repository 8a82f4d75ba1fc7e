"""The journal of the machine: our faults with a trace, strangers' in a line."""

import logging

import pytest

from broker.console.logs import Short

pytestmark = pytest.mark.pure


def record(name: str, text: str, **more: object) -> logging.LogRecord:
    fault = ValueError("inside")
    made = logging.LogRecord(name, logging.ERROR, "x.py", 1, "%s", (text,), (ValueError, fault, None))
    made.__dict__.update(more)
    assert Short().filter(made)
    return made


def test_a_line_break_in_what_a_browser_sent_makes_no_line_of_the_journal():
    made = record("django.request", "/x\nERROR forged\r\x1b[2J", status_code=404)
    assert logging.Formatter().format(made) == "/x?ERROR forged??[2J"


def test_a_fault_of_our_own_keeps_its_trace_and_a_strangers_does_not():
    ours = [record("django.request", "/x", status_code=500), record("broker.console.live.hub", "it goes on")]
    theirs = [record("django.security.csrf", "x"), record("django.request", "/x", status_code=400)]
    assert all("ValueError" in logging.Formatter().format(one) for one in ours)
    assert not [one for one in theirs if "ValueError" in logging.Formatter().format(one)]
