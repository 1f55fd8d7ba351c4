"""The network stays out of reach of tests."""

import socket

import pytest

from tests.harness.network import is_local


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.4.5.6", "::1", "", None, b"::1"])
def test_addresses_of_the_machine_are_local(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "exemple.fr", "localhost.exemple.fr"])
def test_other_addresses_are_not(host):
    assert not is_local(host)


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_connection_outside_fails(method):
    # 192.0.2.0/24 is kept for documentation (RFC 5737): nothing answers there.
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        getattr(outside, method)(("192.0.2.1", 80))


def test_a_name_is_not_looked_up():
    with pytest.raises(pytest.fail.Exception, match=r"exemple\.fr"):
        socket.create_connection(("exemple.fr", 80), timeout=1)


def test_loopback_works():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as near:
            near.sendall(b"bonjour")
        received, _ = server.accept()
        with received:
            assert received.recv(20) == b"bonjour"


def test_unix_sockets_work(tmp_path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as near:
        server.bind(path)
        server.listen()
        near.connect(path)
        assert near.getpeername() == path
