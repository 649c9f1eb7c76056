"""What the bot says, in the language in force. A phrase's key is the file name of a recording
that may take its place."""

from __future__ import annotations

from datetime import datetime

from crm_core.kernel.i18n import N_, _, ngettext
from telephony.voicebot.incoming import Reason
from telephony.voicebot.shapes import Phrase, Slots, Step

_WHY = {
    Reason.BUSY: N_("All our people are talking at the moment."),
    Reason.CLOSED: N_("We are closed at the moment."),
}
_QUESTIONS = {
    Step.OFFER: N_(
        "I can take your request, and we will call you back. Do you want that?"
        " Say yes or no, or press one for yes, two for no, zero for a person."
    ),
    Step.NAME: N_("What is your name?"),
    Step.TOPIC: N_("Tell me in a few words what it is about."),
    Step.SAME: N_(
        "Shall we call the number you are calling from? Say yes or no, or press one or two."
    ),
    Step.NUMBER: N_("Say the number to call, or enter it and press the hash key."),
    Step.WHEN: N_(
        "When shall we call you? For example: tomorrow morning, or today at six in the evening."
        " Or press one for as soon as possible, two for tomorrow morning, three for tomorrow"
        " evening."
    ),
    Step.CONFIRM: N_("Is that right? Say yes or no, or press one or two."),
}
_DAYS = (N_("today"), N_("tomorrow"), N_("the day after tomorrow"))


def greeting(company: str, reason: Reason) -> tuple[Phrase, ...]:
    hello = Phrase("greeting", _("Hello! You have called %(company)s.") % {"company": company})
    why = _WHY.get(reason)
    return (hello, Phrase(f"why_{reason}", _(why))) if why else (hello,)


def question(step: Step) -> Phrase:
    return Phrase(f"ask_{step}", _(_QUESTIONS[step]))


def again() -> Phrase:
    return Phrase("again", _("I did not understand."))


def once_more() -> Phrase:
    return Phrase("once_more", _("Let us begin again."))


def connecting() -> Phrase:
    return Phrase("connecting", _("I am connecting you, please wait."))


def nobody() -> Phrase:
    return Phrase("nobody", _("Nobody can take your call now, but I will write down everything."))


def unheard() -> Phrase:
    return Phrase("unheard", _("I can't hear you. I will tell that you have called. Goodbye."))


def refused() -> Phrase:
    return Phrase("refused", _("Very well. Goodbye."))


def accepted() -> Phrase:
    return Phrase("accepted", _("Thank you, your request is taken. We will call you. Goodbye."))


def summary(slots: Slots, now: datetime) -> tuple[Phrase, ...]:
    """What was understood, said back."""
    parts = [slots.name, slots.topic or slots.words]
    if slots.number:
        row = " ".join(char for char in slots.number if char.isdigit())
        parts.append(_("Number: %(digits)s") % {"digits": row})
    if slots.when is not None:
        parts.append(_("We will call %(when)s") % {"when": moment(slots.when, now)})
    return tuple(Phrase("summary", f"{part}.", fixed=False) for part in parts if part)


def moment(when: datetime, now: datetime) -> str:
    """ "tomorrow at 10 o'clock"; "as soon as possible" for now."""
    if when <= now:
        return _("as soon as possible")
    days = (when.date() - now.date()).days
    day = _(_DAYS[days]) if days < len(_DAYS) else f"{when:%d.%m}"
    hour = ngettext("at %(hour)s o'clock", "at %(hour)s o'clock", when.hour) % {"hour": when.hour}
    return f"{day} {hour}"
