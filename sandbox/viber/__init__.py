"""A strict stand-in for Viber's REST Bot API, with phones; imports nothing of the hub."""

from sandbox.viber.phone import Phone
from sandbox.viber.server import Server
from sandbox.viber.world import Bot, User, World

__all__ = ["Bot", "Phone", "Server", "User", "World"]
