"""A signature holds for one topic, one payload and one key, bit by bit."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.signature import Signer, Verifier, decode_key

pytestmark = pytest.mark.pure

SIGNER = Signer(bytes(range(32)))
VERIFIER = Verifier(SIGNER.public)
TOPIC, PAYLOAD = "keng/1/c/all/alarms", b'{"alarms":[]}'
SIG = SIGNER.sign(TOPIC, PAYLOAD)

topics = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def flipped(raw: bytes) -> list[bytes]:
    """`raw` with each of its bits flipped in turn."""
    return [raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :] for at in range(len(raw)) for bit in range(8)]


def latin(raw: bytes) -> str:
    return raw.decode("latin-1")


@given(topics, st.binary())
def test_what_is_signed_fits(topic, payload):
    assert VERIFIER.fits(topic, payload, SIGNER.sign(topic, payload))


def test_it_is_ed25519_over_topic_zero_payload():
    from nacl.signing import VerifyKey

    VerifyKey(base64.b64decode(SIGNER.public)).verify(TOPIC.encode() + b"\x00" + PAYLOAD, base64.b64decode(SIG))


def test_any_flipped_bit_of_the_topic_refuses():
    assert not any(VERIFIER.fits(latin(topic), PAYLOAD, SIG) for topic in flipped(TOPIC.encode()))


def test_any_flipped_bit_of_the_payload_refuses():
    assert not any(VERIFIER.fits(TOPIC, payload, SIG) for payload in flipped(PAYLOAD))


def test_any_flipped_bit_of_the_signature_refuses():
    raw = base64.b64decode(SIG)
    assert not any(VERIFIER.fits(TOPIC, PAYLOAD, base64.b64encode(sig).decode()) for sig in flipped(raw))


def test_any_flipped_bit_of_the_signatures_letters_refuses():
    assert not any(VERIFIER.fits(TOPIC, PAYLOAD, latin(sig)) for sig in flipped(SIG.encode()))


def test_any_flipped_bit_of_the_key_refuses():
    for key in flipped(base64.b64decode(SIGNER.public)):
        assert not Verifier(base64.b64encode(key).decode()).fits(TOPIC, PAYLOAD, SIG)


def test_the_other_half_of_ed25519s_scalars_refuses():
    order = 2**252 + 27742317777372353535851937790883648493
    raw = base64.b64decode(SIG)
    twin = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    assert not VERIFIER.fits(TOPIC, PAYLOAD, base64.b64encode(twin).decode())


@pytest.mark.parametrize(
    "sig",
    [
        *(
            "",
            "=",
            "A",
            "AAAA",
            SIG + "=",
            SIG[:-1],
            SIG[:-2],
            SIG + "\n",
            "\n" + SIG,
            " " + SIG,
            SIG + SIG,
            "x" * 10_000,
        ),
        *(SIG.replace("=", ""), SIG.lower(), "ký", "\ud800", "\x00" * 88, base64.b64encode(bytes(64)).decode()),
    ],
)
def test_garbage_refuses(sig):
    assert not VERIFIER.fits(TOPIC, PAYLOAD, sig)


@given(st.text())
def test_any_text_refuses(sig):
    assert not VERIFIER.fits(TOPIC, PAYLOAD, sig)


def test_it_cannot_be_carried_to_another_topic():
    assert not VERIFIER.fits("keng/1/c/down/n1/alarms", PAYLOAD, SIG)


def test_it_does_not_fit_where_topic_and_payload_meet_elsewhere():
    sig = SIGNER.sign("a", b"b\x00c")
    assert not VERIFIER.fits("a\x00b", b"c", sig)
    with pytest.raises(ValueError, match="zero byte"):
        SIGNER.sign("a\x00b", b"c")


def test_a_topic_that_is_no_utf8_refuses():
    assert not VERIFIER.fits("\ud800", PAYLOAD, SIG)


def test_the_same_seed_is_the_same_key():
    assert Signer(bytes(range(32))).public == SIGNER.public
    assert Signer(bytes(32)).public != SIGNER.public


def test_a_seed_is_read_from_a_file(tmp_path):
    path = tmp_path / "key"
    path.write_text(base64.b64encode(bytes(range(32))).decode() + "\n")
    assert Signer.from_file(path).public == SIGNER.public


@pytest.mark.parametrize("content", [b"", b"x", b"\xff", base64.b64encode(bytes(31)), base64.b64encode(bytes(33))])
def test_a_file_that_holds_no_seed_is_a_value_error(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(ValueError):
        Signer.from_file(path)


@pytest.mark.parametrize("text", ["", "x", "ký", "A" * 43, "A" * 44, "A" * 42 + "==", "A" * 43 + "=\n"])
def test_what_is_no_key_is_a_value_error_that_says_so(text):
    with pytest.raises(ValueError, match="key must be"):
        decode_key(text)
