"""The code table of a box's faults: how often its link lamp blinks, what that means, what to do.

A short flash counts one, a long one five: two short ones are 2, a long and a short one are 6. The same table is what
the lamp blinks, what the box says aloud, what the doctor and the commune's desk name, and what is printed on a label.

What must hold: a number once given never means another thing; labels hang in boxes for years.
"""

from __future__ import annotations

from dataclasses import dataclass

LONG = 5
"""What a long flash counts: nobody counts to eight on a ladder."""
NETWORK, CLOCK, SPEAKER, ENTRY, KEYS, DISK, BUTTONS, MICROPHONE, SUPPLY = range(2, 11)
"""One flash alone is no code: it would be taken for a flicker."""


@dataclass(frozen=True, slots=True)
class Blink:
    """One code."""

    code: int
    """Its number."""
    word: str
    """File of the spoken sentence in patterns/data/words, without its ending."""
    vi: str
    """What the box says aloud, and a label shows."""
    en: str
    """The same."""
    do_vi: str
    """What to do."""
    do_en: str
    """The same."""

    @property
    def flashes(self) -> str:
        """As it is drawn: a dash for each long flash, a dot for each short one."""
        return " ".join("–" * (self.code // LONG) + "•" * (self.code % LONG))


BLINKS: tuple[Blink, ...] = (
    Blink(
        NETWORK, "network",
        "Hộp kẻng chưa có mạng.", "The box has no network.",
        "Xem dây mạng hoặc sóng Wi-Fi, và địa chỉ máy của xã.", "Check the cable or Wi-Fi, and the commune's address.",
    ),
    Blink(
        CLOCK, "clock",
        "Hộp kẻng chưa biết giờ.", "The box does not know the time.",
        "Chờ vài phút khi đã có mạng; kẻng báo yên chưa kêu được, báo động vẫn kêu.",
        "Wait some minutes with a network; chimes do not sound yet, alarms do.",
    ),
    Blink(
        SPEAKER, "speaker",
        "Hộp kẻng không có loa.", "The box has no speaker.",
        "Xem card âm thanh, tăng âm, dây loa; tên card trong node.yaml (aplay -L).",
        "Check sound card, amplifier, speaker cable; the card's name in node.yaml (aplay -L).",
    ),
    Blink(
        ENTRY, "entry",
        "Máy của xã không cho hộp kẻng vào.", "The commune's machine does not let the box in.",
        "Mật khẩu sai hoặc hộp đã bị thu hồi: trên máy của xã hãy ghi danh lại hộp này.",
        "Wrong password, or retired: enrol this box again on the commune's machine.",
    ),
    Blink(
        KEYS, "keys",
        "Khóa hoặc chữ ký không đúng.", "A key or a signature is not right.",
        "Hộp này thuộc xã khác, hoặc thiếu tệp khóa, chứng chỉ: hãy chép lại tệp lúc ghi danh.",
        "The box belongs to another commune, or a key file is missing: copy what enrolling wrote again.",
    ),
    Blink(
        DISK, "disk",
        "Thẻ nhớ của hộp kẻng hỏng hoặc đầy.", "The box's card is failing or full.",
        "Thay thẻ nhớ, ghi danh lại; trong lúc chờ kẻng vẫn kêu.",
        "Replace the card, enrol again; the gong still works.",
    ),
    Blink(
        BUTTONS, "buttons",
        "Nút bấm hoặc dây nút bị hỏng.", "A button or its cable is faulty.",
        "Xem dây, nút kẹt, công tắc diễn tập chưa tắt.", "Check cables, a stuck button, a drill switch left on.",
    ),
    Blink(
        MICROPHONE, "microphone",
        "Micrô của hộp kẻng hỏng.", "The box's microphone is faulty.",
        "Xem dây và âm lượng thu (alsamixer); kẻng vẫn kêu.", "Check its cable and mixer; the gong works.",
    ),
    Blink(
        SUPPLY, "supply",
        "Nguồn điện của hộp kẻng yếu.", "The box's power supply is weak.",
        "Điện 5 V sụt (thay bộ nguồn, dùng dây ngắn hơn), hoặc ắc quy sắp hết; kẻng vẫn kêu.",
        "5 V sags (another supply, a shorter cable), or the battery is nearly empty; the gong still works.",
    ),
)  # fmt: skip
"""By number."""
BY_CODE: dict[int, Blink] = {blink.code: blink for blink in BLINKS}
"""The same, to look up."""
WELL = "Hộp kẻng này không thấy lỗi."
"""Said where somebody asked and nothing is wrong; file `well`."""
