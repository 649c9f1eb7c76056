"""The web stage of the demo: phones, a shop page and a live view, over one sandbox world."""

from sandbox.stage.config import LogLine, Person, StageConfig, Words
from sandbox.stage.routes import mount
from sandbox.stage.wipe import wipe_chats

__all__ = ["LogLine", "Person", "StageConfig", "Words", "mount", "wipe_chats"]
