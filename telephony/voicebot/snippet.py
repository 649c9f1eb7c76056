"""What an admin pastes into Asterisk's dialplan so that calls come to a bot and go on after it."""

from __future__ import annotations

_HEAD = """\
; Pult's voice bot "{name}".  Send calls here:
;   Goto({context},busy,1)     when nobody is free (after a Queue that timed out or is full)
;   Goto({context},closed,1)   after hours
; Whenever the bot can't take a call, it goes on at {people_context},{people}.
[{context}]
exten => busy,1,Set(PULT_REASON=busy)
 same => n,Goto(talk,1)
exten => closed,1,Set(PULT_REASON=closed)
 same => n,Goto(talk,1)
exten => any,1,Set(PULT_REASON=any)
 same => n,Goto(talk,1)
"""

_AUDIOSOCKET = """\
exten => talk,1,Set(CURLOPT(conntimeout)=1)
 same => n,Set(CURLOPT(httptimeout)=2)
 same => n,Set(PULT_ASK=key={key}&reason=${{PULT_REASON}}&ref=${{URIENCODE(${{UNIQUEID}})}})
 same => n,Set(PULT_ASK=${{PULT_ASK}}&caller=${{URIENCODE(${{CALLERID(num)}})}}\
&name=${{URIENCODE(${{CALLERID(name)}})}}&did=${{URIENCODE(${{CALLERID(dnid)}})}})
 same => n,Set(PULT_BOT=${{FILTER(0-9a-f\\-,${{CURL(http://{address}/call?${{PULT_ASK}})}})}})
 same => n,GotoIf($["${{PULT_BOT}}"=""]?people)
 same => n,Answer()
 same => n,AudioSocket(${{PULT_BOT}},{address})
 same => n,Set(PULT_NEXT=${{CURL(http://{address}/next?key={key}&id=${{PULT_BOT}})}})
 same => n,Set(PULT_NEXT=${{FILTER(0-9A-Za-z*#_\\-,${{PULT_NEXT}})}})
 same => n,GotoIf($["${{PULT_NEXT}}"="hangup"]?done)
 same => n,GotoIf($["${{PULT_NEXT}}"=""]?people)
 same => n,Goto({people_context},${{PULT_NEXT}},1)
 same => n(people),Goto({people_context},{people},1)
 same => n(done),Hangup()
"""

_SIP = """\
exten => talk,1,Set(__PULT_CALL=${{UNIQUEID}})
 same => n,Set(__PULT_DID=${{CALLERID(dnid)}})
 same => n,Dial(PJSIP/{user},15,gb({context}-headers^${{PULT_REASON}}^1))
 same => n,GotoIf($["${{DIALSTATUS}}"="ANSWER"]?done)
 same => n,Goto({people_context},{people},1)
 same => n(done),Hangup()
[{context}-headers]
exten => _[a-z]!,1,Set(PJSIP_HEADER(add,X-Pult-Reason)=${{EXTEN}})
 same => n,Set(PJSIP_HEADER(add,X-Pult-Call)=${{PULT_CALL}})
 same => n,Set(PJSIP_HEADER(add,X-Pult-Did)=${{FILTER(0-9+,${{PULT_DID}})}})
 same => n,Return()
"""


def audiosocket(bot_id: int, name: str, *, address: str, key: str, people: str) -> str:
    """`address` host:port of the bot as the PBX reaches it; `people` the number to go on at."""
    return (_HEAD + _AUDIOSOCKET).format(**_places(bot_id, name, people), address=address, key=key)


def sip(bot_id: int, name: str, *, user: str, people: str) -> str:
    """`user` is the bot's extension."""
    return (_HEAD + _SIP).format(**_places(bot_id, name, people), user=user)


def context(bot_id: int) -> str:
    return f"pult-voicebot-{bot_id}"


def _places(bot_id: int, name: str, people: str) -> dict[str, str]:
    return {
        "context": context(bot_id),
        "name": " ".join(name.split()),
        "people": people or "s",
        "people_context": "from-internal",
    }
