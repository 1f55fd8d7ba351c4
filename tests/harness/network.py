"""No test leaves the machine: a connection outside loopback fails the test that opens it."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

_LOCAL_NAMES = frozenset({"", "localhost"})


def is_local(host: str | bytes | None) -> bool:
    """Tell whether a host name or address stays on this machine."""
    name = host.decode() if isinstance(host, bytes) else (host or "")
    if name in _LOCAL_NAMES:
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_outside(family: int, address: object) -> None:
    is_internet = family in {socket.AF_INET, socket.AF_INET6}
    if is_internet and not is_local(address[0]):
        # pytest.fail goes through `except Exception`: no code can swallow it.
        pytest.fail(f"network refused in tests: {address[0]}")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse connections and name look-ups outside loopback and Unix sockets."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self, address, *, original=original):
            _refuse_outside(self.family, address)
            return original(self, address)

        patch.setattr(socket.socket, name, guarded)

    look_up = socket.getaddrinfo

    def guarded_look_up(host, *args, **kwargs):
        if not is_local(host):
            pytest.fail(f"name look-up refused in tests: {host}")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    # A server that never answers fails its test instead of holding the suite.
    former = socket.getdefaulttimeout()
    socket.setdefaulttimeout(30)
    yield
    socket.setdefaulttimeout(former)
    patch.undo()
