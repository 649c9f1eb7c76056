"""A strict stand-in for SMS gateways (HTTP like smsc.ru, SMPP 3.4), with handsets."""

from sandbox.sms.handset import Handset
from sandbox.sms.http import HttpGateway
from sandbox.sms.smpp import SmppServer
from sandbox.sms.state import Fault, Sms
from sandbox.sms.world import World

__all__ = ["Fault", "Handset", "HttpGateway", "SmppServer", "Sms", "World"]
