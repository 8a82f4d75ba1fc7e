"""A sound card through libasound (libasound.py): any card by name, the device's own errno.

What must always hold: the device is held only while something sounds; `open` on an open device silences it by `drop`,
without letting it go; no call blocks (everything is opened with SND_PCM_NONBLOCK).
"""

from __future__ import annotations

import ctypes
from array import array

from node.speaker.errors import SinkTrouble, UnknownDevice
from node.speaker.libasound import (
    EAGAIN,
    MONO,
    NONBLOCK,
    PLAYBACK,
    PREPARED,
    RESAMPLE,
    RW_INTERLEAVED,
    S16_LE,
    STEREO,
    cards,
    checked,
    library,
)
from node.speaker.ports import RATE_HZ
from node.speaker.sink import Gauge

AHEAD_MS = 40
"""Queued ahead: rides out a busy processor for 33 ms. It costs no latency, because a stop drops what is queued."""
AHEAD_FRAMES = RATE_HZ * AHEAD_MS // 1000


class AlsaCard:
    """A Sink over one ALSA device: "default", "plughw:CARD=Headphones", any name that `cards` lists."""

    def __init__(self, device: str = "default") -> None:
        self._lib = library()
        self._device = device
        self._pcm = ctypes.c_void_p()
        self._channels = MONO
        self._buffer = AHEAD_FRAMES
        self._written = 0
        self._heard = 0
        self._avail, self._delay = ctypes.c_long(), ctypes.c_long()

    def open(self) -> None:
        self._written = self._heard = 0
        if self._pcm:
            self._call("snd_pcm_drop")
            self._call("snd_pcm_prepare")
            return
        self._attach()
        try:
            self._channels = self._agree()
            buffer, period = ctypes.c_ulong(), ctypes.c_ulong()
            self._call("snd_pcm_get_params", ctypes.byref(buffer), ctypes.byref(period))
            self._buffer = buffer.value
        except SinkTrouble:
            self.close()
            raise

    def gauge(self) -> Gauge:
        if not self._written:
            return Gauge(room=min(self._buffer, AHEAD_FRAMES), heard=0, running=False)
        self._call("snd_pcm_avail_delay", ctypes.byref(self._avail), ctypes.byref(self._delay))
        self._heard = max(self._heard, min(self._written, self._written - self._delay.value))
        queued = self._buffer - self._avail.value
        return Gauge(max(0, min(self._avail.value, AHEAD_FRAMES - queued)), self._heard, running=True)

    def write(self, pcm: memoryview) -> int:
        frames = len(pcm) // 2
        taken: int = self._lib.snd_pcm_writei(self._pcm, self._spread(pcm), frames)
        if taken == EAGAIN:
            return 0
        checked(taken)
        if not self._written and self._lib.snd_pcm_state(self._pcm) == PREPARED:
            self._call("snd_pcm_start")
        self._written += taken
        return taken

    def close(self) -> None:
        if self._pcm:
            self._lib.snd_pcm_drop(self._pcm)
            self._lib.snd_pcm_close(self._pcm)
            self._pcm = ctypes.c_void_p()

    def probe(self) -> None:
        self._attach()
        self.close()

    def _attach(self) -> None:
        pcm = ctypes.c_void_p()
        checked(self._lib.snd_pcm_open(ctypes.byref(pcm), self._device.encode(), PLAYBACK, NONBLOCK))
        self._pcm = pcm

    def _agree(self) -> int:
        """The channels the device takes: one, or two for cards that know nothing else."""
        fixed = (S16_LE, RW_INTERLEAVED)
        try:
            self._call("snd_pcm_set_params", *fixed, MONO, RATE_HZ, RESAMPLE, AHEAD_MS * 1000)
        except SinkTrouble:
            self._call("snd_pcm_set_params", *fixed, STEREO, RATE_HZ, RESAMPLE, AHEAD_MS * 1000)
            return STEREO
        return MONO

    def _spread(self, pcm: memoryview) -> bytes:
        if self._channels == MONO:
            return bytes(pcm)
        mono = array("h", bytes(pcm))
        both = array("h", bytes(4 * len(mono)))
        both[0::2] = both[1::2] = mono
        return both.tobytes()

    def _call(self, function: str, *arguments: object) -> None:
        checked(getattr(self._lib, function)(self._pcm, *arguments))


def check(device: str) -> None:
    """See that this device can be opened now: UnknownDevice with the names there are, else SinkTrouble (busy, ...)."""
    try:
        AlsaCard(device).probe()
    except SinkTrouble as fault:
        if fault.code in ("unknown", "gone"):
            raise UnknownDevice(device, [card.name for card in cards()]) from fault
        raise
