"""The link lamp's numbers are the level of what is wrong now, and name whatever the lamp itself only hints at."""

from typing import get_args

import pytest
from fakes.box import Box, a_book
from hypothesis import given
from hypothesis import strategies as st

from node.core.codes import CLOCK_MS, codes
from node.core.condition import HEARD_WITHIN_MS
from node.core.contacts import SILENT_STUCK_MS, STUCK_MS
from node.core.items import Disk, Fault, FaultPart, Machine, MicrophoneHealth, PanelHealth, SpeakerHealth
from node.core.supply import LOW_MS
from wire.blinks import BLINKS, BUTTONS, CLOCK, DISK, ENTRY, KEYS, MICROPHONE, NETWORK, SPEAKER, SUPPLY
from wire.envelope import LinkDown, LinkUp
from wire.signature import Signer

pytestmark = pytest.mark.pure


def linked(**how: object) -> Box:
    box = Box(**how)  # type: ignore[arg-type]  # passed on
    box.link_up()
    return box


def test_a_box_that_is_well_and_heard_counts_nothing() -> None:
    box = linked()
    box.wait(CLOCK_MS)
    assert (box.lamps.link, box.lamps.codes) == ("steady", ())


@pytest.mark.parametrize(
    ("fault", "mended", "code"),
    [
        (SpeakerHealth(False, "gone"), SpeakerHealth(True), SPEAKER),
        (MicrophoneHealth(False, "unheard"), MicrophoneHealth(True), SPEAKER),
        (MicrophoneHealth(False, "gone: x"), MicrophoneHealth(True), MICROPHONE),
        (MicrophoneHealth(False, "deaf"), MicrophoneHealth(True), MICROPHONE),
        (PanelHealth(False, "x"), PanelHealth(True), BUTTONS),
        (Disk("full"), Disk("ok"), DISK),
        (Disk("read_only"), Disk("ok"), DISK),
        (Fault("key", "x"), Fault("key"), KEYS),
        (Fault("journal", "3"), Fault("journal"), DISK),
        (Fault("patterns", "x"), Fault("patterns"), DISK),
        (Fault("codebook", "x"), Fault("codebook"), DISK),
        (Fault("rtc", "90 s"), Fault("rtc"), CLOCK),
    ],
)
def test_each_fault_has_its_number_for_as_long_as_it_lasts(fault, mended, code) -> None:  # type: ignore[no-untyped-def]  # of any item
    box = linked()
    box.step(fault)
    assert (box.lamps.link, box.lamps.codes) == ("trouble", (code,))
    box.step(mended)
    assert (box.lamps.link, box.lamps.codes) == ("steady", ())


@pytest.mark.parametrize(
    ("weak", "well"),
    [
        (Machine("low"), Machine("ok")),
        (Machine(battery="ok", battery_pct=20.0, mains=False), Machine(battery="ok", battery_pct=90.0, mains=True)),
    ],
)
def test_power_that_needs_somebody_has_its_number_until_it_is_well(weak: Machine, well: Machine) -> None:
    box = linked()
    box.step(weak)
    assert (box.lamps.link, box.lamps.codes) == ("trouble", (SUPPLY,))
    for _ in range(2):
        box.wait(LOW_MS)
        box.step(well)
    assert (box.lamps.link, box.lamps.codes) == ("unheard", ())  # nobody has spoken for two minutes


@pytest.mark.parametrize("passing", [Machine(temperature_c=85.0), Machine(battery="ok", battery_pct=80.0, mains=False)])
def test_a_hot_noon_or_a_power_cut_alone_passes_by_itself_and_counts_nothing(passing: Machine) -> None:
    box = linked()
    box.step(passing)
    assert (box.lamps.link, box.lamps.codes) == ("steady", ())


@pytest.mark.parametrize(
    ("down", "code"),
    [
        (LinkDown("10.0.0.2:8883: timed out"), NETWORK),
        (LinkDown("Not authorized"), ENTRY),
        (LinkDown("Bad user name or password"), ENTRY),
        (LinkDown("10.0.0.2:8883: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), KEYS),
        (LinkDown("Không đọc được mật khẩu", files=True), KEYS),
    ],
)
def test_a_box_without_a_link_says_whether_net_password_or_key_is_wrong(down: LinkDown, code: int) -> None:
    box = linked()
    box.step(down)
    assert (box.lamps.link, box.lamps.codes) == ("unheard", (code,))
    box.link_up()
    assert (box.lamps.link, box.lamps.codes) == ("steady", ())


def test_a_silent_button_that_is_stuck_gives_itself_away_by_no_number() -> None:
    box = linked()
    box.close("quiet")
    box.wait(SILENT_STUCK_MS + 1_000)
    assert box.core._parts.box.stuck
    assert box.lamps.codes == ()
    box.close("red")
    box.wait(STUCK_MS + 1_000)
    assert box.lamps.codes == (BUTTONS,)


def test_a_box_that_has_not_tried_yet_blames_nothing() -> None:
    assert Box().lamps.codes == ()


def test_a_box_that_does_not_know_the_time_says_so_after_a_while_and_until_it_does() -> None:
    box = Box()
    box.commune = False
    box.wait(CLOCK_MS - 1)
    assert box.lamps.codes == ()
    box.wait(1)
    assert box.lamps.codes == (CLOCK,)
    box.commune = True
    box.link_up()
    assert box.lamps.codes == ()


def test_a_commune_whose_words_bear_another_key_is_told_from_one_that_is_silent() -> None:
    ours, theirs = Signer(b"a" * 32), Signer(b"b" * 32)
    box = Box(signer=ours)
    box.signer = theirs
    box.link_up()
    assert (box.lamps.link, box.lamps.codes) == ("unheard", (KEYS,))
    box.signer = ours
    box.wait(5_000)  # it asks again
    assert (box.lamps.link, box.lamps.codes) == ("steady", ())
    box.commune = False
    box.wait(HEARD_WITHIN_MS)  # one right signature is enough: a silence afterwards is a silence
    assert (box.lamps.link, box.lamps.codes) == ("unheard", ())
    silent = Box(signer=ours)
    silent.commune = False
    silent.link_up()
    silent.wait(5_000)
    assert (silent.lamps.link, silent.lamps.codes) == ("unheard", ())


def test_a_box_whose_key_is_not_the_code_book_s_says_so_to_the_commune_as_well() -> None:
    ours, another = Signer(b"a" * 32), Signer(b"b" * 32)
    for key, faults, shown in ((ours, (), ()), (another, ("key: the code book names another one",), (KEYS,))):
        box = linked(codebook=a_book(node_keys={"gong-1": key.public}), own_key=ours.public)
        box.wait(1_000)
        assert (box.lamps.codes, box.status.faults) == (shown, faults)
        assert box.lamps.link == ("trouble" if shown else "steady")


def test_what_silences_the_gong_comes_first_and_every_number_is_in_the_table() -> None:
    box = linked()
    for item in (
        LinkDown("gone"),
        MicrophoneHealth(False, "gone"),
        Disk("full"),
        PanelHealth(False),
        SpeakerHealth(False),
    ):
        box.step(item)
    assert box.lamps.codes == (SPEAKER, BUTTONS, DISK, NETWORK, MICROPHONE)
    assert {blink.code for blink in BLINKS} == {NETWORK, CLOCK, SPEAKER, ENTRY, KEYS, DISK, BUTTONS, MICROPHONE, SUPPLY}


ITEMS = st.one_of(
    st.builds(SpeakerHealth, st.booleans(), st.sampled_from(["", "busy", "gone: x"])),
    st.builds(MicrophoneHealth, st.booleans(), st.sampled_from(["unheard", "deaf", "io: x"])),
    st.builds(PanelHealth, st.booleans(), st.just("x")),
    st.builds(Disk, st.sampled_from(["ok", "full", "failed"])),
    st.builds(Fault, st.sampled_from(get_args(FaultPart)), st.sampled_from(["", "x"])),
    st.builds(Machine, st.sampled_from([None, "ok", "low"])),
    st.builds(LinkDown, st.sampled_from(["x", "Not authorized"]), st.booleans()),
    st.just(LinkUp()),
)


@given(st.lists(ITEMS, max_size=12))
def test_a_lamp_that_says_trouble_names_it_and_a_steady_one_names_nothing_but_the_clock(items) -> None:  # type: ignore[no-untyped-def]  # of any item
    box = Box(logged=False)
    for item in items:
        box.step(item)
        box.wait(700)
        link, shown = box.lamps.link, set(box.lamps.codes)
        boxs = {SPEAKER, BUTTONS, DISK, MICROPHONE, SUPPLY}
        assert link != "trouble" or shown & {*boxs, KEYS, CLOCK}  # an RTC that is wrong is a trouble
        assert not shown & boxs or link == "trouble"
        assert link != "steady" or shown <= {CLOCK}
        assert shown == set(codes(box.core._parts, box.core._condition, box.now_ms))
