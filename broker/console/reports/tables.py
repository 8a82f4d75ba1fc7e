"""The figures as titled tables, Vietnamese or English: the one source of every form of the report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from broker.console.reports.figures import COMMUNE, OPEN, Figures, Spread
from broker.words import KINDS, OUTCOMES, Both

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One."""

    key: str
    """For addresses and file names."""
    title: Both
    """Above it."""
    columns: tuple[Both, ...]
    """Their heads."""
    rows: tuple[tuple[Cell, ...], ...]
    """Cells."""
    bars: bool = False
    """Whether the second column makes a chart."""


def tables(found: Figures, names: Mapping[str, str], lang: str) -> list[Table]:
    """Every table of the report. `names`: of hamlets."""
    en = lang == "en"

    def word(pairs: Mapping[str, Both], key: str, none: Both) -> str:
        pair = none if key == "" else pairs.get(key, (key, key))
        return pair[en][:1].upper() + pair[en][1:]

    def place(key: str) -> str:
        return names.get(key, key) if key != COMMUNE else ("Officer's alarm" if en else "Lệnh của trực ban")

    count: Both = ("Số vụ", "Cases")
    return [
        Table("summary", ("Tóm tắt", "Summary"), (("Mục", "What"), ("Số", "Figure")), _summary(found, en)),
        Table(
            "outcomes",
            ("Theo kết quả", "By outcome"),
            (("Kết quả", "Outcome"), count),
            tuple((word(OUTCOMES, key, ("chưa đóng", "not closed")), n) for key, n in found.by_outcome.items() if n),
            bars=True,
        ),
        Table(
            "kinds",
            ("Theo loại báo động", "By kind of alert"),
            (("Loại", "Kind"), count),
            tuple((word(KINDS, key, ("?", "?")), n) for key, n in found.by_kind.items()),
            bars=True,
        ),
        Table(
            "hamlets",
            ("Theo thôn", "By hamlet"),
            (("Thôn", "Hamlet"), count),
            tuple((place(key), n) for key, n in found.by_hamlet.items()),
            bars=True,
        ),
        Table(
            "months",
            ("Theo tháng", "By month"),
            (("Tháng", "Month"), count),
            tuple((f"{key[5:]}/{key[:4]}", n) for key, n in found.by_month.items()),
            bars=True,
        ),
        Table(
            "hours",
            ("Theo giờ trong ngày", "By hour of the day"),
            (("Giờ", "Hour"), count),
            tuple((f"{hour:02d}:00", n) for hour, n in enumerate(found.by_hour)),
            bars=True,
        ),
        Table(
            "gongs",
            ("Kẻng có liên lạc", "Gongs' availability"),
            (("Kẻng", "Gong"), ("Phần thời gian (%)", "Part of the time (%)")),
            tuple(
                (place(node), None if part is None else round(100 * part, 2))
                for node, part in found.availability.items()
            ),
        ),
        Table(
            "missed",
            ("Hiệu lệnh bị lỡ theo thôn", "Chimes missed, by hamlet"),
            (("Thôn", "Hamlet"), ("Số lần", "Times")),
            tuple((place(key), n) for key, n in found.missed.items()),
            bars=True,
        ),
        Table(
            "drills",
            ("Diễn tập", "Drills"),
            (
                ("Lúc", "At"),
                ("Loại", "Kind"),
                ("Số kẻng đã kêu", "Gongs that sounded"),
                ("Có người nhận sau (giây)", "Taken after (s)"),
            ),
            tuple(
                (_at(one.at_ms), word(KINDS, one.kind, ("?", "?")), one.gongs, _seconds(one.to_acknowledge_ms))
                for one in found.drills
            ),
        ),
    ]


def _summary(found: Figures, en: bool) -> tuple[tuple[Cell, ...], ...]:
    def spread(vi: str, english: str, one: Spread) -> list[tuple[Cell, ...]]:
        name = english if en else vi
        half, most = (
            ("half of them within, s", "90 % within, s")
            if en
            else ("một nửa số vụ trong vòng (giây)", "90 % số vụ trong vòng (giây)")
        )
        return [(f"{name}: {half}", _seconds(one.median)), (f"{name}: {most}", _seconds(one.p90))]

    return (
        ("Real cases" if en else "Số vụ thật", found.total),
        (OUTCOMES["báo nhầm"][en].capitalize(), found.false),
        ("Not closed yet" if en else "Chưa đóng", found.open if OPEN in found.by_outcome else 0),
        *spread("Từ lúc mở đến có người nhận", "Opened to taken", found.to_acknowledge),
        *spread("Từ lúc mở đến lúc đóng", "Opened to closed", found.to_close),
        ("Chimes proved" if en else "Hiệu lệnh đã kiểm", found.nights),
        ("Of them by every hamlet" if en else "Trong đó mọi thôn đều kêu", found.whole_nights),
        ("Drills" if en else "Số lần diễn tập", len(found.drills)),
    )


def _at(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, ZONE):%d/%m/%Y %H:%M}"


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else round(ms / 1000, 1)
