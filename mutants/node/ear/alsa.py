"""A microphone through libasound (node/speaker/libasound.py): any card by name, 8 kHz, its first channel.

What must always hold: no call blocks (SND_PCM_NONBLOCK); whatever the device says, `close` lets go of it.
A bare "hw:" knows few rates; "plughw:" and "default" convert, crudely, which is good enough for an ear.
"""

from __future__ import annotations

import ctypes
from array import array

from node.ear.tones import EAR_HZ
from node.speaker.errors import SinkTrouble
from node.speaker.libasound import (
    CAPTURE,
    EAGAIN,
    MONO,
    NONBLOCK,
    RESAMPLE,
    RW_INTERLEAVED,
    S16_LE,
    STEREO,
    checked,
    library,
)

HOLDS_MS = 200
"""What the device keeps for us: a reader that is put off for longer loses what was heard."""


class AlsaMicrophone:
    """A Microphone over one ALSA device: "default", "plughw:CARD=Device", any name that `cards("Input")` lists."""

    def __init__(self, device: str) -> None:
        self._lib = library()
        self._device = device
        self._pcm = ctypes.c_void_p()
        self._channels = MONO
        self._avail, self._delay = ctypes.c_long(), ctypes.c_long()

    def open(self) -> None:
        self._attach()
        try:
            self._channels = self._agree()
            self._call("snd_pcm_start")
        except SinkTrouble:
            self.close()
            raise

    def waiting(self) -> int:
        self._call("snd_pcm_avail_delay", ctypes.byref(self._avail), ctypes.byref(self._delay))
        return max(0, self._avail.value)

    def read(self, frames: int) -> array[int]:
        heard = array("h")
        if frames <= 0:
            return heard
        room = ctypes.create_string_buffer(2 * self._channels * frames)
        got: int = self._lib.snd_pcm_readi(self._pcm, room, frames)
        if got != EAGAIN:
            heard.frombytes(memoryview(room)[: 2 * self._channels * checked(got)])
        return heard[:: self._channels]

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
        checked(self._lib.snd_pcm_open(ctypes.byref(pcm), self._device.encode(), CAPTURE, NONBLOCK))
        self._pcm = pcm

    def _agree(self) -> int:
        """The channels the device gives: one, or two for cards that know nothing else."""
        try:
            self._shape(MONO)
        except SinkTrouble:
            self._shape(STEREO)
            return STEREO
        return MONO

    def _shape(self, channels: int) -> None:
        self._call("snd_pcm_set_params", S16_LE, RW_INTERLEAVED, channels, EAR_HZ, RESAMPLE, HOLDS_MS * 1000)

    def _call(self, function: str, *arguments: object) -> None:
        checked(getattr(self._lib, function)(self._pcm, *arguments))
