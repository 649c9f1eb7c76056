"""A strict stand-in for Viber's REST Bot API, with phones; imports nothing of the hub."""

from sandbox.viber.phone import Phone
from sandbox.viber.server import Server
from sandbox.viber.state import Bot, User
from sandbox.viber.world import World

__all__ = ["Bot", "Phone", "Server", "User", "World"]
