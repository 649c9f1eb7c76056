"""Unique keys, which no two transactions can both take."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [('crm', '0001_initial')]

    initial = False

    operations = [
        ops.AddConstraint(
            model_name='ContactPoint',
            constraint=UniqueConstraint(fields=('kind', 'value', 'client_id'), name='contact_point_once'),
        ),
        ops.AddConstraint(
            model_name='Dialog',
            constraint=UniqueConstraint(fields=('channel_id', 'chat'), name='dialog_one_live', condition="state <> 'closed'"),
        ),
        ops.AddConstraint(
            model_name='HandlerFailure',
            constraint=UniqueConstraint(fields=('event_id', 'handler'), name='event_failure_once'),
        ),
        ops.AddConstraint(
            model_name='Identity',
            constraint=UniqueConstraint(fields=('channel_id', 'external_id'), name='identity_once'),
        ),
        ops.AddConstraint(
            model_name='Message',
            constraint=UniqueConstraint(fields=('dialog_id', 'direction', 'album'), name='message_album', condition='album IS NOT NULL'),
        ),
        ops.AddConstraint(
            model_name='MessageRef',
            constraint=UniqueConstraint(fields=('channel_id', 'external_id'), name='message_ref_once'),
        ),
        ops.AddConstraint(
            model_name='Outbox',
            constraint=UniqueConstraint(fields=('lane', 'chat', 'slot'), name='outbox_slot', condition="state = 'queued'"),
        ),
        ops.AddConstraint(
            model_name='QueueMember',
            constraint=UniqueConstraint(fields=('queue_id', 'employee_id'), name='queue_member_once'),
        ),
        ops.AddConstraint(
            model_name='RawEvent',
            constraint=UniqueConstraint(fields=('channel_id', 'key'), name='raw_event_once'),
        ),
        ops.AddConstraint(
            model_name='Timer',
            constraint=UniqueConstraint(fields=('kind', 'key'), name='timer_once'),
        ),
        ops.AddConstraint(
            model_name='ViewMemory',
            constraint=UniqueConstraint(fields=('view', 'key'), name='view_memory_once'),
        ),
    ]
