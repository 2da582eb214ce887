"""Chapters run without the network: what they say must not depend on what a server says today."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

from nuem.errors import NuemError

_NAMED = ("socket.getaddrinfo", "socket.gethostbyname")  # the name is the first argument
_ADDRESSED = ("socket.connect", "socket.sendto", "socket.sendmsg")  # the address is the second one


def refuse_network() -> None:
    """From here on this process can't look up or reach another machine by Python's own means.

    The machine itself stays within reach: kernels, and processes that work in parallel, talk over it. This keeps
    results independent of the world; it is no cage for code that means to get out.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """
    Raises:
        NuemError: another machine is addressed.
    """
    if event in _NAMED:
        host = arguments[0]
    elif event in _ADDRESSED and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_this_machine(host):
        raise NuemError(
            f"a chapter asks for {_text(host)}: it runs without the network; read the data from a file of the book"
        )


def _is_this_machine(host: Any) -> bool:
    if host is None or _text(host) in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(_text(host)).is_loopback
    except ValueError:
        return False


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
