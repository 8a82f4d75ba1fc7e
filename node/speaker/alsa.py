"""A sound card through libasound, called by ctypes: nothing to build, any card by name, the device's own errno.

What must always hold: the device is held only while something sounds; `open` on an open device silences it by `drop`,
without letting it go; no call blocks (everything is opened with SND_PCM_NONBLOCK).

Sources: alsa-lib's pcm.h and control.h (1.2.8); ctypes lets the GIL go during each call.
"""

from __future__ import annotations

import ctypes
from array import array
from dataclasses import dataclass
from functools import cache

from node.speaker.errors import NoAlsa, SinkTrouble, Underrun, UnknownDevice, trouble
from node.speaker.ports import RATE_HZ
from node.speaker.sink import Gauge

AHEAD_MS = 40
"""Queued ahead: rides out a busy processor for 33 ms. It costs no latency, because a stop drops what is queued."""
AHEAD_FRAMES = RATE_HZ * AHEAD_MS // 1000
MONO, STEREO = 1, 2

_PLAYBACK, _NONBLOCK, _S16_LE, _RW_INTERLEAVED, _RESAMPLE, _PREPARED = 0, 1, 2, 3, 1, 2
_EPIPE, _EAGAIN, _ESTRPIPE = -32, -11, -86
_NOT_A_CARD = {"null", "samplerate", "speexrate", "jack", "oss", "upmix", "vdownmix", "lavrate"}

_Complaint = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)  # it is variadic in C; the arguments after these five are left alone


_no_complaint = _Complaint(lambda *_: None)
"""libasound prints each failed open on stderr; the errno says the same, and goes into Health."""


@cache
def _library() -> ctypes.CDLL:
    try:
        lib = ctypes.CDLL("libasound.so.2")
    except OSError as fault:
        raise NoAlsa("libasound", "alsa-utils") from fault
    pcm, text, long_p = ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_long)
    ulong_p, pcm_p = ctypes.POINTER(ctypes.c_ulong), ctypes.POINTER(ctypes.c_void_p)
    number, unsigned, frames = ctypes.c_int, ctypes.c_uint, ctypes.c_ulong
    signatures: dict[str, tuple[type | None, list[object]]] = {
        "snd_pcm_open": (number, [pcm_p, text, number, number]),
        "snd_pcm_set_params": (number, [pcm, number, number, unsigned, unsigned, number, unsigned]),
        "snd_pcm_get_params": (number, [pcm, ulong_p, ulong_p]),
        "snd_pcm_state": (number, [pcm]),
        "snd_pcm_start": (number, [pcm]),
        "snd_pcm_drop": (number, [pcm]),
        "snd_pcm_prepare": (number, [pcm]),
        "snd_pcm_close": (number, [pcm]),
        "snd_pcm_avail_delay": (number, [pcm, long_p, long_p]),
        "snd_pcm_writei": (ctypes.c_long, [pcm, ctypes.c_char_p, frames]),
        "snd_strerror": (text, [number]),
        "snd_lib_error_set_handler": (number, [_Complaint]),
        "snd_device_name_hint": (number, [number, text, ctypes.POINTER(pcm_p)]),
        "snd_device_name_get_hint": (pcm, [pcm, text]),
        "snd_device_name_free_hint": (number, [pcm_p]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    lib.snd_lib_error_set_handler(_no_complaint)
    return lib


def _checked(result: int) -> int:
    if result >= 0:
        return result
    if result in (_EPIPE, _ESTRPIPE):
        raise Underrun
    raise trouble(-result, _library().snd_strerror(result).decode(errors="replace"))


class AlsaCard:
    """A Sink over one ALSA device: "default", "plughw:CARD=Headphones", any name that `cards` lists."""

    def __init__(self, device: str = "default") -> None:
        self._lib = _library()
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
        if taken == _EAGAIN:
            return 0
        _checked(taken)
        if not self._written and self._lib.snd_pcm_state(self._pcm) == _PREPARED:
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
        _checked(self._lib.snd_pcm_open(ctypes.byref(pcm), self._device.encode(), _PLAYBACK, _NONBLOCK))
        self._pcm = pcm

    def _agree(self) -> int:
        """The channels the device takes: one, or two for cards that know nothing else."""
        fixed = (_S16_LE, _RW_INTERLEAVED)
        try:
            self._call("snd_pcm_set_params", *fixed, MONO, RATE_HZ, _RESAMPLE, AHEAD_MS * 1000)
        except SinkTrouble:
            self._call("snd_pcm_set_params", *fixed, STEREO, RATE_HZ, _RESAMPLE, AHEAD_MS * 1000)
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
        _checked(getattr(self._lib, function)(self._pcm, *arguments))


@dataclass(frozen=True, slots=True)
class Card:
    """A device that ALSA offers for playing."""

    name: str
    """What to write as speaker.device."""
    description: str
    """What the driver says it is, in one line."""


def cards() -> list[Card]:
    """The devices ALSA offers for playing, by snd_device_name_hint; NoAlsa where there is no libasound."""
    lib = _library()
    hints = ctypes.POINTER(ctypes.c_void_p)()
    _checked(lib.snd_device_name_hint(-1, b"pcm", ctypes.byref(hints)))
    found: list[Card] = []
    try:
        index = 0
        while hints[index]:
            name = _hint(lib, hints[index], b"NAME")
            if name and name not in _NOT_A_CARD and _hint(lib, hints[index], b"IOID") in ("", "Output"):
                found.append(Card(name, _hint(lib, hints[index], b"DESC").replace("\n", ", ")))
            index += 1
    finally:
        lib.snd_device_name_free_hint(hints)
    return found


def check(device: str) -> None:
    """See that this device can be opened now: UnknownDevice with the names there are, else SinkTrouble (busy, ...)."""
    try:
        AlsaCard(device).probe()
    except SinkTrouble as fault:
        if fault.code in ("unknown", "gone"):
            raise UnknownDevice(device, [card.name for card in cards()]) from fault
        raise


def _hint(lib: ctypes.CDLL, hint: int | None, field: bytes) -> str:
    pointer = lib.snd_device_name_get_hint(hint, field)
    if not pointer:
        return ""
    try:
        return ctypes.string_at(pointer).decode(errors="replace")
    finally:
        _free(pointer)


def _free(pointer: int) -> None:
    free = ctypes.CDLL(None, use_errno=False).free
    free.argtypes, free.restype = [ctypes.c_void_p], None
    free(pointer)
