"""The table of work calendars."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class WorkCalendar(Model):
    """When one works: `hours` of a week in `timezone`, `country` whose holidays count, and
    `days` of one's own (ISO date -> off, on, short or stretches). Today there is one, of the
    whole company, with the name `company`."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=64, unique=True)
    hours = fields.CharField(max_length=400)
    timezone = fields.CharField(max_length=64)
    country = fields.CharField(max_length=8)
    days = fields.JSONField[dict[str, str]](db_default="{}")

    class Meta:
        table = "work_calendar"
