"""The board on a Pi's pins, or on pins in memory: the only import of gpiozero.

What must always hold: the pin factory is the one that the settings name, never gpiozero's own choice (without hardware
its fallbacks print a page and pretend); no exception leaves a gpiozero callback, for the thread behind it serves every
pin and dies of one.

gpiozero's devices are not used, its pins are: a device's holds and blinks run on threads of their own, which end at the
first exception.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from node.board import Hint, Wiring
from node.errors import PinFault

_log = logging.getLogger(__name__)

PWM_HZ = 100
"""Above what an eye sees, below what lgpio's software PWM feels."""
_INPUT_PULL = {False: "up", True: "down"}


class GpioBoard:
    """A Board over gpiozero's pins."""

    def __init__(
        self,
        factory: Literal["lgpio", "mock"],
        wiring: Wiring,
        hint: Hint = lambda: None,
        work_dir: Path | None = None,
    ) -> None:
        """`work_dir`: lgpio makes a pipe there as soon as it is imported, and cannot be imported where it must not."""
        self._kind = factory
        self._wiring = wiring
        self._hint = hint
        self._work_dir = work_dir
        self._lock = threading.RLock()
        self._factory: Any = None
        self._inputs: tuple[tuple[str, Any], ...] = ()
        self._outputs: dict[str, Any] = {}
        self._closed_level = wiring.active_high

    def open(self) -> None:
        with self._lock:
            self.close()
            try:
                self._factory = self._make_factory()
                pull = _INPUT_PULL[self._wiring.active_high]
                self._outputs = {name: self._claim_output(name) for name in self._wiring.outputs}
                self._inputs = tuple(
                    (name, self._claim_input(pin, pull)) for name, pin in self._wiring.contacts.items()
                )
            except Exception as error:
                self.close()
                raise _fault(self._kind, error) from error

    def read(self) -> tuple[str, ...]:
        inputs, level = self._inputs, self._closed_level
        if self._factory is None:
            raise _not_open()
        try:
            return tuple([name for name, pin in inputs if pin.state == level])
        except Exception as error:
            raise _fault(self._kind, error) from error

    def drive(self, output: str, level: float) -> None:
        with self._lock:
            if self._factory is None:
                raise _not_open()
            try:
                self._set(output, self._outputs[output], level)
            except Exception as error:
                raise _fault(self._kind, error) from error

    def close(self) -> None:
        with self._lock:
            for name, pin in self._outputs.items():
                with suppress(Exception):  # whatever it is that broke, the others must be let go
                    self._set(name, pin, 0)
            for _, pin in self._inputs:
                with suppress(Exception):
                    pin.when_changed = None
            factory, self._factory = self._factory, None
            self._inputs, self._outputs = (), {}
            if factory is not None:
                with suppress(Exception):
                    factory.close()

    def touch(self, contact: str, closed: bool) -> None:
        """Close or open a contact of the mock's; PinFault with real pins, which only fingers close."""
        pin = dict(self._inputs).get(contact)
        if self._kind != "mock" or pin is None:
            raise PinFault(
                f"Không có tiếp điểm giả nào tên “{contact}”.", f'There is no mock contact called "{contact}".'
            )
        (pin.drive_high if closed == self._closed_level else pin.drive_low)()

    def _set(self, name: str, pin: Any, level: float) -> None:
        output = self._wiring.outputs[name]
        level = min(1.0, max(0.0, level))
        pin.state = level if output.active_high else 1 - level

    def _make_factory(self) -> Any:
        if self._kind == "mock":
            from gpiozero.pins.mock import MockFactory, MockPWMPin

            return MockFactory(pin_class=MockPWMPin)
        if self._work_dir is not None:
            os.environ["LG_WD"] = str(self._work_dir)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from gpiozero.pins.lgpio import LGPIOFactory

            return LGPIOFactory()

    def _claim_input(self, number: int, pull: str) -> Any:
        pin = self._factory.pin(number)
        pin.input_with_pull(pull)
        pin.edges = "both"
        # gpiozero keeps only a weak reference: a method lives as long as its board, a lambda would be gone at once.
        pin.when_changed = self._hint_edge
        return pin

    def _claim_output(self, name: str) -> Any:
        output = self._wiring.outputs[name]
        pin = self._factory.pin(output.pin)
        pin.output_with_state(0 if output.active_high else 1)
        if output.dims:
            pin.frequency = PWM_HZ
            self._set(name, pin, 0)
        return pin

    def _hint_edge(self, _ticks: float, _state: float) -> None:
        try:
            self._hint()
        except Exception:
            _log.exception("a hint of an edge failed")


def _not_open() -> PinFault:
    return PinFault("Các chân GPIO chưa mở.", "The GPIO pins are not open.")


def _fault(factory: str, error: Exception) -> PinFault:
    """What gpiozero or lgpio met, as a sentence with what to do."""
    if isinstance(error, PinFault):
        return error
    words = f"{type(error).__name__}: {error}"
    for sign, (vi, en) in _REMEDIES.items():
        if sign in words:
            return PinFault(f"Không dùng được chân GPIO ({words}). {vi}", f"GPIO pins cannot be used ({words}). {en}")
    return PinFault(
        f"Không dùng được chân GPIO qua {factory} ({words}). Hãy chạy “keng-node doctor”.",
        f'GPIO pins cannot be used through {factory} ({words}). Run "keng-node doctor".',
    )


_REMEDIES: Mapping[str, tuple[str, str]] = {
    "No module named 'lgpio'": (
        "Hãy cài lgpio: sudo apt install python3-lgpio; không phải Pi thì ghi panel.factory: mock.",
        "Install lgpio: sudo apt install python3-lgpio; on other machines than a Pi set panel.factory: mock.",
    ),
    "can not open gpiochip": (
        "Hãy thêm người dùng vào nhóm gpio (sudo usermod -aG gpio keng) rồi khởi động lại; "
        "không phải Pi thì ghi panel.factory: mock.",
        "Add the user to the group gpio (sudo usermod -aG gpio keng) and restart; "
        "on other machines than a Pi set panel.factory: mock.",
    ),
    "GPIO busy": (
        "Một chương trình khác đang giữ chân này; hãy tắt nó.",
        "Another program holds the pin; stop it.",
    ),
    "PinUnknownPi": (
        "Máy này không phải Raspberry Pi; hãy ghi panel.factory: mock.",
        "This machine is no Raspberry Pi; set panel.factory: mock.",
    ),
    "BadPinFactory": (
        "Máy này không phải Raspberry Pi; hãy ghi panel.factory: mock.",
        "This machine is no Raspberry Pi; set panel.factory: mock.",
    ),
}
