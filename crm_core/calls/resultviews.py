"""How calls ended for business, to be read: a result, notes, and when to call back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_core.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """`result` is empty while only a note was written; `back_at`: when `back_by` calls back."""

    result: str
    note: str
    employee: str | None
    at: datetime
    back_at: datetime | None
    back_by: int | None


RESULT = """
SELECT r.result, r.note, e.name AS employee, r.at, r.back_at, r.back_by
FROM call_result r LEFT JOIN employee e ON e.id = r.employee_id WHERE r.call_id = $1
"""


async def result_of(call_id: int) -> ResultView | None:
    row = await db.fetchrow(RESULT, call_id)
    return None if row is None else ResultView(**row)


async def is_blocked(number: str | None) -> bool:
    """Whether the number hears busy."""
    sql = "SELECT EXISTS (SELECT 1 FROM caller_rule WHERE number = $1 AND kind = 'blocked')"
    return bool(number and await db.fetchval(sql, number))
