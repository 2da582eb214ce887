"""Warm kernels for JupyterLab: `make lab` starts it with `LabKernelManager` of this module, and imports take no time.

Only libraries are warm. The package itself is loaded by each kernel, so that edits of it are always seen. The class is
made when it is asked for: without JupyterLab its base is not installed.
"""

from __future__ import annotations

import functools
import os
from typing import Any

from nuem.press import kernels

LIBRARIES = [name for name in kernels.WARM if name.split(".")[0] not in ("nuem", "papermill")] + ["yaml", "jsonschema"]


def __getattr__(name: str) -> Any:
    if name != "LabKernelManager":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _manager()


@functools.cache
def _manager() -> type:
    """JupyterLab's kernels, forked from a warm process where the system can; that process starts now."""
    from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

    class LabKernelManager(ServerKernelManager):  # type: ignore[misc]
        async def _async_pre_start_kernel(self, **keywords: Any) -> Any:
            if self.provisioner is None and kernels.CAN_FORK and self.kernel_name == "python3":
                self.provisioner = kernels.Fork(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            return await super()._async_pre_start_kernel(**keywords)

    kernels.context(os.environ, LIBRARIES)
    return LabKernelManager
