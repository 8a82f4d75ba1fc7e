"""The breakable cable does what it says, and nothing else: else the lab would prove nothing."""

import socket
from collections.abc import Iterator

import pytest
from fakes.proxy import Cable
from fakes.waiting import eventually

QUIET_S = 0.1  # nothing comes for so long: against a loopback's microseconds an age


@pytest.fixture
def echo() -> Iterator[tuple[Cable, socket.socket, socket.socket]]:
    """A cable, and the two ends of a connection through it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        cable = Cable(server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", cable.port)) as client:
            client.settimeout(5)
            peer, _ = server.accept()
            peer.settimeout(5)
            with peer:
                yield cable, client, peer
        cable.close()


def silent(sock: socket.socket) -> bool:
    sock.settimeout(QUIET_S)
    try:
        sock.recv(100)
    except TimeoutError:
        return True
    finally:
        sock.settimeout(5)
    return False


def test_whole_it_passes_bytes_both_ways_in_order_and_their_end(echo):
    _, client, peer = echo
    client.sendall(b"one")
    client.sendall(b"two")
    eventually(lambda: peer.recv(100, socket.MSG_PEEK) == b"onetwo")
    peer.recv(100)
    peer.sendall(b"three")
    assert client.recv(100) == b"three"
    peer.close()
    assert client.recv(100) == b""


def test_stalled_it_holds_one_way_or_both_tells_nobody_and_loses_nothing(echo):
    cable, client, peer = echo
    cable.stall(up=False)
    client.sendall(b"up")
    assert peer.recv(100) == b"up"
    cable.stall()
    client.sendall(b"more")
    peer.sendall(b"down")
    assert silent(peer) and silent(client)
    cable.mend()
    assert (peer.recv(100), client.recv(100)) == (b"more", b"down")


def test_halved_a_packet_arrives_torn_and_both_ends_are_reset(echo):
    cable, client, peer = echo
    cable.halve("up")
    client.sendall(b"12345678")
    assert peer.recv(100) == b"1234"
    with pytest.raises(ConnectionResetError):
        peer.recv(100)
    with pytest.raises(ConnectionResetError):
        client.recv(100)


def test_cut_both_ends_are_reset_and_a_new_connection_is_welcome(echo):
    cable, client, peer = echo
    cable.cut()
    for end in (client, peer):
        with pytest.raises(ConnectionResetError):
            end.recv(100)
    socket.create_connection(("127.0.0.1", cable.port)).close()


def test_refusing_it_resets_whoever_tries_again(echo):
    cable, client, _ = echo
    cable.refuse()
    with pytest.raises(ConnectionResetError):
        client.recv(100)
    with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", cable.port), 5) as again:
        again.recv(100)


def test_delayed_bytes_take_their_time_and_keep_their_order(echo):
    cable, client, peer = echo
    cable.delay_s = 2 * QUIET_S
    client.sendall(b"one")
    assert silent(peer)
    client.sendall(b"two")
    eventually(lambda: peer.recv(100, socket.MSG_PEEK) == b"onetwo")
