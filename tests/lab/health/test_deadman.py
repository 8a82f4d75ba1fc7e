"""Does a service that was killed after 22:00 still say at 22:05 who did not sound the curfew? With real processes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes.mosquitto import Mosquitto
from fakes.nochime import SAMPLE
from fakes.waiting import eventually

WITHIN_S = 30.0
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PROVED = "SELECT subject, body FROM register_journal WHERE what = 'proved' AND subject LIKE 'curfew/%'"
MISSED = "SELECT about FROM register_trouble WHERE kind = 'chime_missed' AND over_at_ms IS NULL"


def offset_to(hour: int, minute: int, second: int) -> str:
    """`--clock-offset-ms` that makes it this time of the day in the commune."""
    now = datetime.now(HANOI)
    wanted = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return str((wanted - now) // timedelta(milliseconds=1))


def test_a_service_killed_after_ten_names_at_five_past_who_did_not_sound(
    mosquitto: Mosquitto, start_service: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    begun = offset_to(21, 59, 59)
    of_22 = {"codebook": str(SAMPLE), "mqtt": {"port": mosquitto.port}, "open_network": True}
    service = start_service("--clock-offset-ms", begun, **of_22)
    ordered = "SELECT subject FROM register_journal WHERE what = 'chime'"
    [(id_,)] = eventually(lambda: service.rows(ordered), WITHIN_S, "the curfew was not ordered")
    proof = {"id": id_, "pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 9, "strokes": 3}
    for node in ("thon-1", "thon-4"):
        mosquitto.publish(f"keng/1/cong-lac/up/{node}/sounded", json.dumps({**proof, "ended": "finished"}))
    proved = "SELECT count(*) FROM register_journal WHERE what = 'sounded'"
    eventually(lambda: service.rows(proved) == [(2,)], WITHIN_S)
    service.kill()
    # A second before 22:05 of the same night, whatever the day is.
    service.start("--clock-offset-ms", str(int(begun) + 300_000 - 3_000))
    [(subject, body)] = eventually(lambda: service.rows(PROVED), WITHIN_S, "the chime was not summed up")
    assert subject == id_
    summed = json.loads(body)
    assert (summed["sounded"], summed["missed"]) == (["thon-1", "thon-4"], ["thon-2", "thon-3", "thon-5"])
    eventually(lambda: sorted(service.rows(MISSED)) == [("thon-2",), ("thon-3",), ("thon-5",)], WITHIN_S)
    rows = service.status(mosquitto.port, capsys)["last_chime"]
    assert {row["hamlet"] for row in rows if row["state"] == "missed"} == {"thon-2", "thon-3", "thon-5"}
