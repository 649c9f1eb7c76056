"""What tests of this channel have in common with those of the others."""

from __future__ import annotations

from channels.vk.parse import parse
from tests.channels import doubles
from tests.channels.doubles import hook, running, serving

__all__ = ["MemoryIntake", "hook", "running", "serving"]


class MemoryIntake(doubles.MemoryIntake):
    parse = staticmethod(parse)
