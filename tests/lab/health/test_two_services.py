"""Are two services of one commune, by mistake, shown as a trouble by both? With real processes."""

from collections.abc import Callable
from typing import Any

import pytest
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

WITHIN_S = 45.0
FOREIGN = "SELECT about FROM register_trouble WHERE kind = 'foreign_service' AND over_at_ms IS NULL"


def test_two_services_that_state_alarms_are_a_trouble_in_both_registers_and_in_keng_status(
    mosquitto: Mosquitto, start_service: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (start_service(mqtt={"port": mosquitto.port}, open_network=True) for _ in range(2))
    for service in (first, second):
        eventually(lambda service=service: service.rows(FOREIGN), WITHIN_S, "one of them does not know")
    about = {row for service in (first, second) for row in service.rows(FOREIGN)}
    assert about >= {("beacon",), ("alarms",)}, "a second set is a mistake, whoever states it"
    # Whichever of them answers.
    told = {one["kind"] for one in first.status(mosquitto.port, capsys)["troubles"]}
    assert "foreign_service" in told
