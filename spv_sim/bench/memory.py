"""The most memory that this process held at once."""

from __future__ import annotations

import resource
import sys


def peak_memory() -> int:
    """Bytes.

    Where Linux tells the peak of this program, that is taken: the one of `getrusage` counts that of the
    parent too, which it was a copy of before it began.
    """
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
