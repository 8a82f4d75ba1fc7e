"""What can be wrong with a loudspeaker, in two trees: one for people, one for the deck.

KengError
└── SpeakerError
    ├── UnknownDevice  (LookupError) no sound device of that name; lists those there are
    └── NoAlsa         (OSError) the machine lacks libasound or aplay

SinkTrouble            (OSError) a device that cannot sound just now: busy, gone, io, ... The deck tries again.
└── Underrun           the device ran dry, or slept; it only needs to be opened again
"""

from __future__ import annotations

import errno

from patterns.errors import KengError


class SpeakerError(KengError):
    """A fault of the loudspeaker that a person must mend."""


class UnknownDevice(SpeakerError, LookupError):
    """No sound device of that name."""

    def __init__(self, device: str, known: list[str]) -> None:
        there = ", ".join(known)
        super().__init__(
            f"Không có thiết bị âm thanh tên “{device}” (mục speaker.device trong tệp cài đặt của hộp). "
            + (
                f"Các thiết bị đang có: {there}. Hãy chọn một tên trong số đó, hoặc cắm card"
                if there
                else "Máy chưa thấy card nào. Hãy cắm card"
            )
            + " vào rồi chạy lại “keng-node doctor”.",
            f'There is no sound device called "{device}" (field speaker.device of the node\'s settings). '
            + (f"Those present: {there}. Choose one of them, or plug" if there else "This machine shows no card. Plug")
            + ' the card in and run "keng-node doctor" again.',
        )


class NoAlsa(SpeakerError, OSError):
    """The machine lacks the program or library that talks to sound cards."""

    def __init__(self, what: str, package: str) -> None:
        super().__init__(
            f"Máy này thiếu {what}, nên không phát được âm thanh. Hãy chạy: sudo apt install {package}",
            f"This machine lacks {what}, so it cannot sound. Run: sudo apt install {package}",
        )


class SinkTrouble(OSError):
    """A device that cannot sound just now."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        """busy, gone, unknown, refused or io."""


class Underrun(SinkTrouble):
    """The device ran dry or was suspended: what was queued is lost, the device is not."""

    def __init__(self) -> None:
        super().__init__("io", "underrun")


_CODES = {
    errno.EBUSY: "busy",
    errno.ENODEV: "gone",
    errno.ENXIO: "gone",
    errno.ENOENT: "unknown",
    errno.EACCES: "refused",
    errno.EPERM: "refused",
}


def trouble(number: int, text: str) -> SinkTrouble:
    """The trouble behind an errno (positive), with the device's own words."""
    return SinkTrouble(_CODES.get(number, "io"), text)
