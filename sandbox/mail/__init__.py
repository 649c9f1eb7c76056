"""A client's mail program on the stage: letters to the shop, and the shop's answers."""

from sandbox.mail.post import Letterbox
from sandbox.mail.smtp import TakesMail

__all__ = ["Letterbox", "TakesMail"]
