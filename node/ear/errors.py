"""What can be wrong with a microphone that a person must mend. (What passes by itself is node.speaker's SinkTrouble.)

KengError
└── UnknownMicrophone  (LookupError) no device of that name; lists those there are
"""

from __future__ import annotations

from collections.abc import Sequence

from patterns.errors import KengError


class UnknownMicrophone(KengError, LookupError):
    """No device of that name can listen."""

    def __init__(self, device: str, known: Sequence[str]) -> None:
        there = ", ".join(known)
        super().__init__(
            f"Không có micrô tên “{device}” (mục microphone trong tệp cài đặt của hộp). "
            + (f"Các micrô đang có: {there}. Hãy chọn một tên trong số đó" if there else "Máy chưa thấy micrô nào")
            + ", hoặc cắm micrô vào rồi chạy lại “keng-node doctor”; hộp không có micrô thì ghi microphone: none.",
            f'There is no microphone called "{device}" (field microphone of the node\'s settings). '
            + (f"Those present: {there}. Choose one of them" if there else "This machine shows none")
            + ', or plug it in and run "keng-node doctor" again; a box without one has microphone: none.',
        )
