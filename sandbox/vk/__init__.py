"""Strict local VK: `World` is the state, `Server` its HTTP face, `Actor` a person at work."""

from sandbox.vk.actor import Actor
from sandbox.vk.config import Config
from sandbox.vk.operator import Operator
from sandbox.vk.server import Server
from sandbox.vk.world import World

__all__ = ["Actor", "Config", "Operator", "Server", "World"]
