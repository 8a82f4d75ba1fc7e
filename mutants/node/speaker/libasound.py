"""libasound, called by ctypes: nothing to build. What playing and listening share: the library, its errors, its names.

Sources: alsa-lib's pcm.h and control.h (1.2.8); ctypes lets the GIL go during each call.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Literal

from node.speaker.errors import NoAlsa, Underrun, trouble

MONO, STEREO = 1, 2
PLAYBACK, CAPTURE = 0, 1
NONBLOCK, S16_LE, RW_INTERLEAVED, RESAMPLE, PREPARED = 1, 2, 3, 1, 2
EAGAIN = -11
_EPIPE, _ESTRPIPE = -32, -86
_NOT_A_CARD = {"null", "samplerate", "speexrate", "jack", "oss", "upmix", "vdownmix", "lavrate"}

_Complaint = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)  # it is variadic in C; the arguments after these five are left alone


_no_complaint = _Complaint(lambda *_: None)
"""libasound prints each failed open on stderr; the errno says the same, and goes into Health."""


@cache
def library() -> ctypes.CDLL:
    """It, with every signature; NoAlsa where it is not installed."""
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
        "snd_pcm_readi": (ctypes.c_long, [pcm, ctypes.c_char_p, frames]),
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


def checked(result: int) -> int:
    """A call's result; Underrun or SinkTrouble for an errno."""
    if result >= 0:
        return result
    if result in (_EPIPE, _ESTRPIPE):
        raise Underrun
    raise trouble(-result, library().snd_strerror(result).decode(errors="replace"))


@dataclass(frozen=True, slots=True)
class Card:
    """A device that ALSA offers."""

    name: str
    """What to write as speaker.device or microphone."""
    description: str
    """What the driver says it is, in one line."""


def cards(way: Literal["Output", "Input"] = "Output") -> list[Card]:
    """The devices ALSA offers for playing or listening, by snd_device_name_hint; NoAlsa without libasound."""
    lib = library()
    hints = ctypes.POINTER(ctypes.c_void_p)()
    checked(lib.snd_device_name_hint(-1, b"pcm", ctypes.byref(hints)))
    found: list[Card] = []
    try:
        index = 0
        while hints[index]:
            name = _hint(lib, hints[index], b"NAME")
            if name and name not in _NOT_A_CARD and _hint(lib, hints[index], b"IOID") in ("", way):
                found.append(Card(name, _hint(lib, hints[index], b"DESC").replace("\n", ", ")))
            index += 1
    finally:
        lib.snd_device_name_free_hint(hints)
    return found


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
