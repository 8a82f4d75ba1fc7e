"""A PUBLISH without its properties: what is left of a publication whose properties paho cannot read.

What must hold: topic, packet id and payload stay as they are. It knows MQTT 5's bytes (3.3.2), and no library.
"""

from __future__ import annotations

import struct

MORE, DIGIT = 0x80, 0x7F
"""Of a byte of a Variable Byte Integer (MQTT 5, 1.5.5): another follows; what it counts."""
WITH_ID = 0x06
"""QoS bits of the first byte: above 0 a packet id follows the topic."""


def without_properties(command: int, packet: bytearray) -> bytearray:
    """The packet behind its fixed header, with an empty set of properties. struct.error, IndexError: it is none."""
    (topic_bytes,) = struct.unpack_from("!H", packet)
    start = 2 + topic_bytes + (2 if command & WITH_ID else 0)
    size, at = 0, start
    while packet[at] & MORE:
        size |= (packet[at] & DIGIT) << 7 * (at - start)
        at += 1
    size |= packet[at] << 7 * (at - start)
    return packet[:start] + b"\x00" + packet[at + 1 + size :]
