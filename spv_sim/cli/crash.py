"""What a bug leaves behind: a short message, and a file that holds no value of the environment."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence

from spv_sim import __version__
from spv_sim.errors import printable


def report_crash(fault: Exception, arguments: Sequence[str]) -> str:
    """Write the crash file into the folder for temporary files and return the message for the user."""
    trace = "".join(traceback.format_exception(fault))
    command = " ".join(printable(argument) for argument in arguments)
    text = (
        f"spv-sim {__version__}, Python {platform.python_version()}, {sys.platform} {platform.machine()}\n"
        f"command: spv-sim {command}\n\n{trace}"
    )
    said = printable(f"{type(fault).__name__}: {fault}")[:300]
    message = f"error[bug] this is a fault of spv-sim, not of your input: {said}"
    try:
        handle, path = tempfile.mkstemp(prefix="spv-sim-crash-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError:
        return f"{message}\n  no crash file could be written; --debug shows the traceback"
    return f"{message}\n  please report it with {path}; --debug shows the traceback"
