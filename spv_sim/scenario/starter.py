"""The commented scenario that `spv-sim init` writes."""

from pathlib import Path

STARTER = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
