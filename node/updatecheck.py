"""What the doctor says of updates over the network: whether this box takes any. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from node.finding import Finding
from node.update.layout import Layout
from node.update.trusted import OWN, release_keys
from wire.errors import ReleaseFault


def updates(layout: Layout | None = None, own: Path = OWN) -> Iterator[Finding]:
    """Nothing where the box was not installed by versions (a checkout, the demo): nothing updates itself there."""
    if (layout or Layout()).good is None:
        return
    try:
        keys = release_keys(own)
    except ReleaseFault as fault:
        yield Finding(
            "warn",
            f"{own}: khóa phát hành hỏng ({fault.detail}), hộp không nhận bản cập nhật nào. Hãy chép lại tệp này.",
            f"{own}: no good release keys ({fault.detail}), this box takes no update. Copy that file again.",
        )
        return
    if keys:
        yield Finding(
            "ok",
            f"Cập nhật qua mạng: có {len(keys)} khóa phát hành",
            f"Updates over the network: {len(keys)} release keys",
        )
    else:
        # No fault: the program comes without one on purpose.
        yield Finding(
            "ok",
            "Cập nhật qua mạng: chưa có khóa phát hành, hộp chỉ nhận bản mới bằng USB. "
            f"Muốn qua mạng: chép khóa công khai vào {own} (deploy/UPDATES.md)",
            f"Updates over the network: no release key, new versions by USB alone. To have them: put its public half "
            f"into {own} (deploy/UPDATES.md)",
        )
