"""Setting form templates: saved, tried on a sample, removed."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, Field

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.mailforms import rules

Line = Annotated[str, Field(max_length=200)]


class Form(BaseModel):
    """A template and how its mails are told: `sender` an address or `@domain`, `subject` words
    that stand in it; `channel_id` empty for all mailboxes."""

    title: str = Field(min_length=1, max_length=120)
    template: str = Field(min_length=1, max_length=20_000)
    sender: Line = ""
    subject: Line = ""
    channel_id: int | None = None
    active: bool = True


@command("mail_form.preview", title=N_("Try a form template on a mail"), right=Right.CHANNEL_WRITE)
async def preview(actor: Actor, *, template: str, text: str) -> dict[str, Any]:
    """`{"values": {field: value}, "missing": [label]}` of a sample mail; nothing is written."""
    found = rules.read(template, text.replace("\r", ""))
    return {"values": found.values, "missing": list(found.missing)}


@command("mail_form.save", title=N_("Save a form template"), right=Right.CHANNEL_WRITE)
async def save(actor: Actor, *, form: Form, form_id: int | None = None) -> int:
    """Keep a template. Mails that failed by the former one get it: `pult replay` reads them."""
    rules.parse(form.template)
    if not (form.sender.strip() or form.subject.strip()):
        raise Invalid("Say whose mails these are: the sender, or words of the subject.")
    values = (
        form.channel_id,
        form.title.strip(),
        form.sender.strip().lower(),
        form.subject.strip(),
        form.template,
        form.active,
    )
    if form_id is None:
        return int(await db.fetchval(INSERT, *values))
    if not await db.fetchval(UPDATE, *values, form_id):
        raise NotFound("There is no such form.")
    await db.execute(RENEW, form_id, orjson.dumps(_kept(form)).decode())
    return form_id


INSERT = """
INSERT INTO mail_form (channel_id, title, sender, subject, template, active)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
"""
UPDATE = """
UPDATE mail_form SET channel_id = $1, title = $2, sender = $3, subject = $4, template = $5,
  active = $6 WHERE id = $7 RETURNING id
"""
# A failed mail bears the template it was read by.
RENEW = """
UPDATE raw_event SET body = jsonb_set(body, '{place,template}', $2::jsonb)
WHERE state = 'failed' AND body->'place'->'form' = to_jsonb($1::bigint)
"""


def _kept(form: Form) -> dict[str, str]:
    return {
        "title": form.title.strip(),
        "sender": form.sender.strip().lower(),
        "subject": form.subject.strip(),
        "template": form.template,
    }


@command("mail_form.remove", title=N_("Remove a form template"), right=Right.CHANNEL_WRITE)
async def remove(actor: Actor, *, form_id: int) -> int:
    """From now on mails of this form are ordinary mails."""
    if not await db.fetchval("DELETE FROM mail_form WHERE id = $1 RETURNING id", form_id):
        raise NotFound("There is no such form.")
    return form_id
