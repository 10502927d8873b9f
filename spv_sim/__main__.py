"""Lets `python -m spv_sim` stand for `spv-sim`, blind to modules that happen to lie in the current folder."""

import os
import sys

if __name__ == "__main__":
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    from spv_sim.cli.main import main

    sys.exit(main())
