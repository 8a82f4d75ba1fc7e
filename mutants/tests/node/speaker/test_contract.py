"""Does every speaker, real or fake, keep the port's promises (node/speaker/ports.py)?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fakes.clips import steady
from fakes.speaker_rig import MS, ChildRig, Rig, wait_for

from node.speaker.ports import Ended, Health, Started

FOREVER = (100, 300)


def near(a_ns: int, b_ns: int, slack_ms: int) -> bool:
    return abs(a_ns - b_ns) <= slack_ms * MS


def test_a_clip_sounds_from_its_first_sample_to_its_last(rig: Rig) -> None:
    asked_ns = rig.play("a", "bursts", 350)
    started = wait_for(rig, Started, ref="a")
    ended = wait_for(rig, Ended, ref="a")
    assert ended == Ended("a", "finished", 350, 4, "")
    assert near(started.at_ns, asked_ns, rig.slack_ms)
    assert near(rig.spans()[0][0], started.at_ns, 5)


def test_play_and_stop_return_at_once(heard_rig: ChildRig) -> None:
    for i in range(5):
        heard_rig.play(f"a{i}", "steady", 400)
        heard_rig.pass_ms(20)
        heard_rig.stop()
    took = sorted(call["took_ns"] for call in heard_rig.calls)
    assert took[len(took) // 2] < MS


def test_stop_is_silence(rig: Rig) -> None:
    rig.play("a", "steady", 300, FOREVER)
    wait_for(rig, Started, ref="a")
    rig.pass_ms(200)
    stopped_ns = rig.stop("a")
    ended = wait_for(rig, Ended, ref="a")
    rig.pass_ms(100)
    assert ended.how == "stopped"
    assert len(rig.spans()) == 1
    first_ns, last_ns = rig.spans()[0]
    assert near(last_ns, stopped_ns, rig.slack_ms)
    assert near((last_ns - first_ns), ended.duration_ms * MS, rig.slack_ms)


def test_stopping_what_does_not_play_does_nothing(rig: Rig) -> None:
    rig.play("a", "steady", 100)
    wait_for(rig, Ended, ref="a")
    rig.play("b", "steady", 200)
    rig.stop("a")
    rig.stop("never played")
    assert wait_for(rig, Ended, ref="b").how == "finished"
    rig.stop()
    rig.pause()
    assert [r.ref for r in rig.reports if isinstance(r, Ended)] == ["a", "b"]


def test_a_new_sound_takes_over_at_once(rig: Rig) -> None:
    rig.play("chime", "steady", 2000)
    wait_for(rig, Started, ref="chime")
    rig.pass_ms(150)
    asked_ns = rig.play("alarm", "steady", 300, FOREVER)
    started = wait_for(rig, Started, ref="alarm")
    assert wait_for(rig, Ended, ref="chime").how == "pre_empted"
    assert near(started.at_ns, asked_ns, rig.slack_ms)
    rig.pass_ms(100)
    rig.stop()
    wait_for(rig, Ended, ref="alarm")
    spans = rig.spans()
    assert max((b[0] - a[1] for a, b in itertools.pairwise(spans)), default=0) <= rig.slack_ms * MS


def test_each_sounding_has_one_end_and_at_most_one_start_before_it(rig: Rig) -> None:
    refs = [f"r{i}" for i in range(12)]
    for i, ref in enumerate(refs):
        rig.play(ref, "steady", 60 if i % 3 else 30, in_ms=20 if i % 4 == 3 else None)
        if i % 2:
            rig.pass_ms(15 * (i % 5))
        if i % 5 == 4:
            rig.stop(ref)
    wait_for(rig, Ended, ref=refs[-1])
    rig.pause()
    for ref in refs:
        told = [type(r) for r in rig.reports if isinstance(r, Started | Ended) and r.ref == ref]
        assert told in ([Ended], [Started, Ended]), ref
    for r in rig.reports:
        if isinstance(r, Ended):
            assert (r.duration_ms > 0) <= any(isinstance(s, Started) and s.ref == r.ref for s in rig.reports)


def test_a_loop_sounds_on_without_a_hole(heard_rig: ChildRig) -> None:
    heard_rig.play("a", "steady", 300, FOREVER)
    wait_for(heard_rig, Started, ref="a")
    heard_rig.pass_ms(900)
    heard_rig.stop("a")
    wait_for(heard_rig, Ended, ref="a")
    pcm = np.concatenate([p for _, p in heard_rig.runs()])
    heard = pcm[np.flatnonzero(pcm)[0] :]
    clip = np.frombuffer(steady(300, FOREVER).pcm, dtype="<i2")
    expected = np.concatenate([clip] + [clip[4800:14400]] * 20)[: len(heard)]
    last = np.flatnonzero(heard)[-1] + 1
    assert last > 0.7 * 48_000
    assert np.array_equal(heard[:last], expected[:last])


def test_it_counts_the_blows_that_were_heard(heard_rig: ChildRig) -> None:
    heard_rig.play("a", "bursts", 300, 100, FOREVER)
    wait_for(heard_rig, Started, ref="a")
    heard_rig.pass_ms(750)
    heard_rig.stop("a")
    ended = wait_for(heard_rig, Ended, ref="a")
    assert abs(len(heard_rig.blows_ns()) - ended.strokes) <= 1
    assert ended.strokes >= 7


def test_an_armed_clip_sounds_on_time(rig: Rig) -> None:
    asked_ns = rig.play("chime", "steady", 100, in_ms=600)
    started = wait_for(rig, Started, ref="chime")
    ended = wait_for(rig, Ended, ref="chime")
    assert (ended.how, ended.duration_ms) == ("finished", 100)
    on_time_ms = 12 if isinstance(rig, ChildRig) else 0
    assert near(rig.spans()[0][0], asked_ns, on_time_ms)
    assert near(started.at_ns, asked_ns, on_time_ms)


def test_an_armed_clip_silences_what_plays_and_can_be_taken_back(rig: Rig) -> None:
    rig.play("a", "steady", 300, FOREVER)
    wait_for(rig, Started, ref="a")
    rig.pass_ms(100)
    rig.play("chime", "steady", 100, in_ms=400)
    assert wait_for(rig, Ended, ref="a").how == "pre_empted"
    rig.pass_ms(100)
    rig.stop("chime")
    assert wait_for(rig, Ended, ref="chime") == Ended("chime", "stopped", 0, 0, "")
    rig.pass_ms(450)
    assert not any(isinstance(r, Started) and r.ref == "chime" for r in rig.reports)
    assert len(rig.spans()) == 1


def test_close_is_silence_and_the_last_word(rig: Rig) -> None:
    rig.play("a", "steady", 300, FOREVER)
    wait_for(rig, Started, ref="a")
    rig.pass_ms(60)
    rig.close()
    assert isinstance(rig.reports[-1], Ended)
    assert rig.reports[-1].how == "stopped"


def test_a_busy_device_is_told_and_tried_until_it_is_free(device_rig: Rig) -> None:
    rig = device_rig
    with rig.occupied():
        rig.play("alarm", "bursts", 300, 100, FOREVER)
        health = wait_for(rig, Health, ok=False)
        rig.pass_ms(300)
    assert health.why.startswith("busy: ")
    started = wait_for(rig, Started, ref="alarm")
    assert started.late_ms >= 250
    wait_for(rig, Health, ok=True)
    assert rig.reports[-1] == Health(True, "ok") or isinstance(rig.reports[-1], Started)
    rig.pass_ms(100)
    rig.stop()
    assert wait_for(rig, Ended, ref="alarm").how == "stopped"


def test_a_device_that_vanishes_and_returns_sounds_on_where_it_would_be(device_rig: Rig) -> None:
    rig = device_rig
    rig.play("alarm", "bursts", 300, 100, FOREVER)
    started = wait_for(rig, Started, ref="alarm")
    rig.pass_ms(250)
    rig.unplug()
    wait_for(rig, Health, ok=False)
    rig.pass_ms(300)
    assert [r for r in rig.reports if isinstance(r, Health)][-1].why.startswith("gone: ")
    troubled = len(rig.reports)
    rig.plug_in()
    for _ in range(200):
        if Health(True, "ok") in rig.reports[troubled:]:
            break
        rig.pass_ms(5)
    rig.pass_ms(400)
    rig.stop()
    ended = wait_for(rig, Ended, ref="alarm")
    assert ended.how == "stopped"
    assert 500 <= ended.duration_ms < 1100
    assert len([r for r in rig.reports if isinstance(r, Started)]) == 1
    if isinstance(rig, ChildRig):
        off_beat_ms = [(at - started.at_ns) / MS % 100 for at in rig.blows_ns()]
        assert max(min(ms, 100 - ms) for ms in off_beat_ms[-3:]) <= 25


def test_a_sound_whose_time_passes_without_a_device_has_failed(device_rig: Rig) -> None:
    device_rig.unplug()
    device_rig.play("chime", "steady", 300)
    ended = wait_for(device_rig, Ended, ref="chime")
    assert (ended.how, ended.duration_ms, ended.strokes) == ("failed", 0, 0)
    assert ended.why.startswith("gone: ")
    assert not any(isinstance(r, Started) for r in device_rig.reports)


def test_an_idle_device_that_vanishes_is_known_within_five_seconds(device_rig: Rig) -> None:
    assert device_rig.reports == [Health(True, "ok")]
    device_rig.unplug()
    wait_for(device_rig, Health, within_ms=5000, ok=False)
    device_rig.plug_in()
    for _ in range(400):
        if device_rig.reports[-1] == Health(True, "ok"):
            return
        device_rig.pass_ms(5)
    pytest.fail(f"it is back, and nobody said so: {device_rig.reports}")
