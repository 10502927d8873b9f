"""The commented scenario that `spv-sim init` writes."""

from pathlib import Path

FILE = Path(__file__).with_name("starter.toml")
STARTER = FILE.read_text(encoding="utf-8")
