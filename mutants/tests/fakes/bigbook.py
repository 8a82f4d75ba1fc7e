"""Code books of large communes, as YAML."""

import base64
import random

LETTERS = [chr(code) for code in range(0x1EA0, 0x1EFA)]
"""Vietnamese ones, three bytes each."""


def big_book(hamlets: int = 40, *, keys: bool = True, name_chars: int = 0, version: int = 9) -> str:
    """Hamlets with two neighbours and one relay each, and a box with a key of its own; names of noise, if asked for."""
    noise = random.Random(1)
    lines = ["commune: cong-lac", f"version: {version}", "zone: Asia/Ho_Chi_Minh", "hamlets:"]
    slugs = [f"dong-thuong-{number}" for number in range(hamlets)]
    for number, slug in enumerate(slugs):
        name = "".join(noise.choice(LETTERS) for _ in range(name_chars))
        near = f"{slugs[number - 1]}, {slugs[(number + 1) % hamlets]}"
        lines.append(f"  {slug}: {{name: {name or f'Đông Thượng {number}'}, neighbours: [{near}]}}")
    if keys:
        lines.append("nodes:")
        for slug in slugs:
            key = base64.b64encode(noise.randbytes(32)).decode()
            lines.append(f"  {slug}: {{hamlet: {slug}, key: {key}}}")
        lines.append("relays:")
        lines += [f"  {slug}: [{slugs[number - 1]}]" for number, slug in enumerate(slugs)]
    lines += ["chimes:", '  - {name: curfew, at: "22:00", days: daily, pattern: cong-lac/curfew, hamlets: all}']
    return "\n".join(lines) + "\n"
