"""A bot and its transport out of their settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from crm_core.kernel.errors import Refused
from telephony.voicebot import snippet, speaking
from telephony.voicebot.audiosocket import AudioSocket
from telephony.voicebot.bot import Bot, Manner
from telephony.voicebot.config import AudioSocketConfig, Common, SipConfig, topics_of
from telephony.voicebot.contract import Transport
from telephony.voicebot.conversation import Parts
from telephony.voicebot.hearing import Hearing
from telephony.voicebot.listening import Patience
from telephony.voicebot.report import Outcome
from telephony.voicebot.speaking import Voice
from telephony.voicebot.tape import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the application lends a bot; `data` is a folder for calls under way and phrases."""

    hearing: Hearing
    outcome: Outcome
    data: Path


def bot(bot_id: int, config: Common, around: Surroundings) -> Bot:
    """Refused when this machine can't speak."""
    speaking.check()
    manner = Manner(
        bot_id=bot_id,
        language=config.language,
        company=config.company,
        timezone=ZoneInfo(config.timezone),
        person=config.person,
        topics=topics_of(config.topics),
        most=config.most,
    )
    voice = Voice(config.language, around.data / "phrases", config.prompts)
    parts = Parts(hearing=around.hearing, voice=voice, patience=Patience(barge_in=config.barge_in))
    return Bot(manner, parts, Shelf(around.data / "calls" / str(bot_id)), around.outcome)


def transport(config: Common) -> Transport:
    """Refused when it lacks its library."""
    if isinstance(config, AudioSocketConfig):
        return AudioSocket(config.host, config.port, config.key.get_secret_value())
    assert isinstance(config, SipConfig)  # noqa: S101 - there is no third kind
    try:
        from telephony.voicebot import pyvoip_transport as pyvoip  # noqa: PLC0415 - an extra
    except ImportError:
        raise Refused(
            "A voice bot over SIP needs pyVoIP, which is not installed (it is under the GPL):"
            " %(command)s",
            command=".venv/bin/python -m pip install pyvoip==1.6.8",
        ) from None
    return pyvoip.PyVoip(
        pyvoip.Extension(
            server=config.server,
            port=config.port,
            user=config.user,
            password=config.password.get_secret_value(),
            local=config.local,
            sip_port=config.sip_port,
            rtp_low=config.rtp_low,
            rtp_high=config.rtp_high,
        )
    )


def dialplan(bot_id: int, name: str, config: Common) -> str:
    """What to paste into Asterisk's extensions.conf."""
    people = config.person
    if isinstance(config, AudioSocketConfig):
        key = config.key.get_secret_value()
        return snippet.audiosocket(bot_id, name, address=config.reached, key=key, people=people)
    assert isinstance(config, SipConfig)  # noqa: S101 - there is no third kind
    return snippet.sip(bot_id, name, user=config.user, people=people)
