"""Strict local Bot API: `World` is the state, `Server` its HTTP face, `Actor` a person at work."""

from sandbox.botapi.actor import Actor
from sandbox.botapi.clock import Clock, ManualClock, RealClock
from sandbox.botapi.config import Config
from sandbox.botapi.faults import Where
from sandbox.botapi.press import Press
from sandbox.botapi.server import Server
from sandbox.botapi.world import World

__all__ = [
    "Actor",
    "Clock",
    "Config",
    "ManualClock",
    "Press",
    "RealClock",
    "Server",
    "Where",
    "World",
]
