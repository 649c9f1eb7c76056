"""What an admin pastes into Asterisk's files. Pure."""

from __future__ import annotations

from telephony.asterisk.config import Config

MANAGER = """\
; ---- manager.conf (FreePBX: manager_custom.conf). [general] needs: enabled = yes
[{username}]
secret = (the secret you gave to Pult)
deny = 0.0.0.0/0.0.0.0
permit = (Pult's address)/255.255.255.255
read = system,call,agent,user,cdr,reporting
write = system,call,agent,user,originate,reporting
writetimeout = 5000
eventfilter = !Event: RTCP
eventfilter = !Event: Newexten
eventfilter = !Event: VarSet
eventfilter = !Event: CEL
; ---- manager.conf, in [general]: events carry the moment they happened
timestampevents = yes
; ---- cdr_manager.conf: how calls ended is told at once
[general]
enabled = yes
"""

# How the dialplan asks whom to ring: over HTTP, or by an event that Pult answers with Setvar. A
# name for each round: an answer that comes too late is not taken for the next one's.
ASK_HTTP = """\
 same => n,Set(CURLOPT(conntimeout)=1)
 same => n,Set(CURLOPT(httptimeout)=2)
 same => n,Set(PULT_ROUTE=${{CURL({url}/route?call=${{URIENCODE(${{CHANNEL(linkedid)}})}}\
&caller=${{URIENCODE(${{CALLERID(num)}})}}&did=${{URIENCODE(${{PULT_DID}})}}\
&tried=${{URIENCODE(${{PULT_TRIED}})}})}})
"""
ASK_AMI = """\
 same => n,Set(PULT_ROUTE${{PULT_ROUND}}=)
 same => n,UserEvent(PultRoute,Call: ${{CHANNEL(linkedid)}},\
Caller: ${{FILTER(0-9+,${{CALLERID(num)}})}},Did: ${{PULT_DID}},\
Tried: ${{PULT_TRIED}},Round: ${{PULT_ROUND}})
 same => n,WaitForCondition(#,#["#{{PULT_ROUTE#{{PULT_ROUND}}}}" != ""],2,0.05)
 same => n,Set(PULT_ROUTE=${{PULT_ROUTE${{PULT_ROUND}}}})
"""

DIALPLAN = """\
; ---- extensions.conf (FreePBX: extensions_custom.conf), then `dialplan reload`
; Lead incoming calls to pult-in (FreePBX: a Custom Destination pult-in,s,1).
; Change FALLBACK to what your PBX does without Pult.
[pult-in]
exten => _[+0-9]!,1,Set(PULT_DID=${{FILTER(0-9+,${{EXTEN}})}})
 same => n,Goto(s,begin)
exten => s,1,Set(PULT_DID=${{FILTER(0-9+,${{FROM_DID}})}})
 same => n(begin),Set(__TRANSFER_CONTEXT={context})
 same => n,Set(PULT_TRIED=)
 same => n,Set(PULT_ROUND=0)
 same => n(ask),Set(PULT_ROUND=$[${{PULT_ROUND}}+1])
 same => n,GotoIf($[${{PULT_ROUND}}>6]?fallback)
{ask} same => n,Set(PULT_ROUTE=${{FILTER(A-Za-z0-9:&_\\-,${{PULT_ROUTE}})}})
 same => n,Set(PULT_WHAT=${{CUT(PULT_ROUTE,:,1)}})
 same => n,GotoIf($["${{PULT_WHAT}}"="ext"]?ext)
 same => n,GotoIf($["${{PULT_WHAT}}"="queue"]?queue)
 same => n,GotoIf($["${{PULT_WHAT}}"="busy"]?busy)
 same => n,Goto(fallback)
 same => n(ext),Set(PULT_EXTS=${{FILTER(0-9&,${{CUT(PULT_ROUTE,:,2)}})}})
 same => n,GotoIf($[${{REGEX("^[0-9]+(&[0-9]+)*$" ${{PULT_EXTS}})}}=0]?fallback)
 same => n,Dial({before}${{STRREPLACE(PULT_EXTS,&,{after}&{before})}}{after},{ring},t)
 same => n,GotoIf($["${{DIALSTATUS}}"="ANSWER"]?done)
 same => n,Set(PULT_TRIED=${{PULT_TRIED}}&${{PULT_EXTS}})
 same => n,Goto(ask)
 same => n(queue),Queue(${{FILTER(A-Za-z0-9_\\-,${{CUT(PULT_ROUTE,:,2)}})}},tr,,,60)
 same => n,Goto(fallback)
 same => n(busy),Hangup(17)
 same => n(fallback),Queue(FALLBACK,tr,,,60)
 same => n(done),Hangup()

[pult-dial]
exten => _[+*#0-9]!,1,Set(CALLERID(all)=<${{FILTER(0-9,${{PULT_EXT}})}}>)
 same => n,Goto({context},${{EXTEN}},1)

[pult-hold]
exten => music,1,Answer()
 same => n,MusicOnHold()
exten => wait,1,Answer()
 same => n,Wait(7200)
 same => n,Hangup()
"""


UNKNOWN = "(set PULT_PUBLIC_URL first: the address by which the PBX reaches Pult)"


def of(config: Config, hook_url: str | None) -> str:
    """manager.conf and dialplan for these settings."""
    return MANAGER.format(username=config.username) + dialplan(config, hook_url or UNKNOWN)


def dialplan(config: Config, url: str) -> str:
    before, _, after = config.phone.partition("{ext}")
    ask = (ASK_HTTP if config.ask == "http" else ASK_AMI).format(url=url)
    return DIALPLAN.format(
        ask=ask, context=config.context, ring=config.ring, before=before, after=after
    )
