"""A signature survives the way through a broker, and nothing else passes for it."""

from wire.envelope import Arrived, LinkUp, Publication
from wire.signature import Signer, Verifier

SIGNER = Signer(bytes(range(32)))
TOPIC = "keng/1/c/all/alarms"


def test_what_is_signed_here_fits_there(mosquitto, open_link):
    link, its_own = open_link(mosquitto, "commune")
    _, heard = open_link(mosquitto, "n1", "keng/1/c/#")
    its_own.wait_for(LinkUp)
    heard.wait_for(LinkUp)
    payload = "Cháy ở xóm Đông".encode() + bytes(range(256))
    link.publish(Publication(topic=TOPIC, payload=payload, sig=SIGNER.sign(TOPIC, payload)))
    arrived = heard.wait_for(Arrived)
    assert Verifier(SIGNER.public).fits(arrived.topic, arrived.payload, arrived.sig)


def test_a_captured_order_does_not_fit_on_another_topic(mosquitto, open_link):
    _, heard = open_link(mosquitto, "n1", "keng/1/c/#")
    heard.wait_for(LinkUp)
    sig = SIGNER.sign(TOPIC, b"{}")
    for topic in (TOPIC, "keng/1/c/all/chime"):
        mosquitto.publish(topic, b"{}", "-D", "publish", "user-property", "sig", sig)
    captured = [heard.wait_for(Arrived) for _ in range(2)]
    verifier = Verifier(SIGNER.public)
    assert [verifier.fits(one.topic, one.payload, one.sig) for one in captured] == [True, False]
