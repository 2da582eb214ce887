"""Kernels that start warm: forked from a process that has imported what chapters import.

Most of the time from the start of a kernel to a chapter's first line goes into imports, the same for every chapter. The
server of `multiprocessing` does them once; each kernel is a fork of it and runs in a process of its own, so that no
chapter sees what another did. Where a system can't fork, kernels start as ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import types
import uuid
from collections.abc import Iterator, Mapping
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import traitlets
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
WARM = [
    "papermill",
    "nuem.press.execution",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "mpmath",
    "numpy",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.optimize.elementwise",
    "scipy.special",
    "scipy.stats",
    "sympy",
    "sympy.printing.jscode",
    "sympy.printing.latex",
    "uncertainties",
    "nuem.notebook.chapter",
    "nuem.notebook.figures",
    "nuem.notebook.widgets",
    "nuem.physics.cosmology",
    "nuem.physics.loops",
    "nuem.physics.plasma",
    "nuem.physics.recoil",
    "nuem.physics.statistics",
    "nuem.physics.verified",
    "nuem.review.spectra",
]


def context(environment: Mapping[str, str], warm: list[str]) -> Any:
    """How processes of a build start: forked from one, in this environment, that has imported what they need.

    That one is made at the first call, and imports while this process goes on. Where a system can't fork, each starts
    as a new program.
    """
    if not CAN_FORK:
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(warm)
    with _environment(environment):
        forkserver.ensure_running()
    return found


@contextlib.contextmanager
def _environment(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class WarmKernelManager(AsyncKernelManager):
    """Starts its kernel warm; everything else is Jupyter's own.

    Both talk over sockets with names of their own: a free port may be taken by another kernel before this one opens it.
    """

    @traitlets.default("transport")
    def _no_ports(self) -> str:
        return "ipc"

    @traitlets.default("ip")
    def _names_of_sockets(self) -> str:
        # On Linux a name that begins so is no file, and nothing is left of it.
        return ("@" if sys.platform == "linux" else f"{tempfile.gettempdir()}/") + f"nuem-{uuid.uuid4().hex}"

    async def _async_pre_start_kernel(self, **keywords: Any) -> Any:
        if self.provisioner is None and CAN_FORK:
            self.provisioner = Fork(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**keywords)


class Fork(LocalProvisioner):
    """Launches a kernel as a fork of the warm process instead of a new program."""

    async def launch_kernel(self, cmd: list[str], **keywords: Any) -> Any:
        self.cwd = keywords.get("cwd", os.getcwd())
        told = (cmd[cmd.index("ipykernel_launcher") + 1 :], self.cwd, dict(keywords["env"]), _place_of_errors())
        if _forked_ahead:
            process, sender = _forked_ahead.pop()
            sender.send(told)
        else:
            process = multiprocessing.get_context("forkserver").Process(target=_kernel, args=told)
            with _without_program():
                process.start()
        self.process, self.pid = _AsPopen(process), process.pid
        return self.connection_info


_forked_ahead: list[tuple[Any, Any]] = []


@contextlib.contextmanager
def forked_ahead() -> Iterator[None]:
    """Fork the next kernel off this process, which is warm, while it has no threads and sockets yet.

    A process that was forked from the warm one can't ask that one for a kernel: it would start a cold one of its own.
    """
    if CAN_FORK:
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_kernel_when_told, args=(receiver, sender))
        process.start()
        _forked_ahead.append((process, sender))
    try:
        yield
    finally:
        while _forked_ahead:  # nobody asked for it: it ends with what it waits for
            _forked_ahead.pop()[1].close()


def _kernel_when_told(receiver: Any, sender: Any) -> None:
    sender.close()  # this process's copy, so that the end of the other one ends the waiting
    with contextlib.suppress(EOFError):
        _kernel(*receiver.recv())


@contextlib.contextmanager
def _without_program() -> Iterator[None]:
    """While a process is forked, hide the program around: the fork would import it, and JupyterLab is large."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


class _AsPopen:
    """A process of `multiprocessing` with the methods that Jupyter expects of one of `subprocess`."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any):
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _place_of_errors() -> str:
    """The file behind this process's stderr, where the kernel's words belong as well; the server has its own."""
    return os.path.realpath("/dev/fd/2")


def _kernel(arguments: list[str], cwd: str, environment: Mapping[str, str], errors: str) -> None:
    """The life of a kernel, in a process of its own."""
    from ipykernel.kernelapp import launch_new_instance

    threading.Thread(target=end_with_parent, daemon=True).start()
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    if Path(errors).is_file():
        with open(errors, "a") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
    launch_new_instance(argv=arguments)


def end_with_parent() -> None:
    """End this process when the one that asked for it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
