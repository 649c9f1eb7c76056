"""Tables of recordings and of who has listened to them."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model


class CallRecording(Model):
    """The recording of a call. `state`: pending (still at the PBX), stored, unavailable
    (`reason` says why), leaving (its time is over), removed.

    `source` is what the PBX calls it; `original_sha` the file as it came, `sha` the copy that
    phones play. `seen` is how many bytes it had when it was last looked at: it is taken once
    it has stopped growing. `bars` are the heights (0..100) of its picture.
    """

    call_id = fields.BigIntField(primary_key=True, generated=False)
    pbx_id = fields.BigIntField(null=True)
    source = fields.TextField()
    state = fields.CharField(max_length=16)
    sha = fields.CharField(max_length=64, null=True)
    original_sha = fields.CharField(max_length=64, null=True)
    size = fields.BigIntField(null=True)
    duration_ms = fields.BigIntField(null=True)
    bars = fields.JSONField[list[int]](null=True)
    reason = fields.CharField(max_length=120, null=True)
    seen = fields.BigIntField(null=True)
    attempts = fields.IntField(db_default=0)
    next_at = fields.DatetimeField(null=True)
    made_at = fields.DatetimeField()
    queue = fields.CharField(max_length=80, null=True)

    class Meta:
        table = "call_recording"
        indexes = (
            PartialIndex(
                fields=("next_at",), name="call_recording_due", condition={"state": "pending"}
            ),
            PartialIndex(
                fields=("made_at",), name="call_recording_kept", condition={"state": "stored"}
            ),
        )


class RecordingAccess(Model):
    """Somebody has listened to a recording."""

    id = fields.BigIntField(primary_key=True)
    call_id = fields.BigIntField()
    actor = fields.CharField(max_length=64)
    employee_id = fields.BigIntField(null=True)
    at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "recording_access"
        indexes = (Index(fields=("call_id", "at"), name="recording_access_call"),)
