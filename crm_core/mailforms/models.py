"""The table of form templates."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class MailForm(Model):
    """A form whose answers come by mail. `sender` (an address or `@domain`) and `subject` (words
    it holds) tell its mails; at least one is set. `template` is rules.parse's text."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField(null=True)
    title = fields.CharField(max_length=120)
    sender = fields.CharField(max_length=254, db_default="")
    subject = fields.CharField(max_length=200, db_default="")
    template = fields.TextField()
    active = fields.BooleanField(db_default=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "mail_form"
