"""`pult form`: forms of sites that come by mail, read by a template."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from app.cli.shared import add_json, opened, show
from channels.email import mime
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.mailforms import commands

LIST = """
SELECT f.id, f.title, f.sender, f.subject, c.name AS mailbox, f.active
FROM mail_form f LEFT JOIN channel c ON c.id = f.channel_id ORDER BY f.id
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    save = actions.add_parser("save", help="keep a template (with --id: change one)")
    save.add_argument("--title", required=True, help="what the applications are called")
    save.add_argument("--template", required=True, type=Path, help="a sample with {name}, {phone}…")
    save.add_argument("--sender", default="", help="robot@site.example or @site.example")
    save.add_argument("--subject", default="", help="words that stand in the subject")
    save.add_argument("--mailbox", type=int, help="number of the mail channel (default: all)")
    save.add_argument("--id", type=int, help="number of the template to change")
    attempt = actions.add_parser("try", help="show what a template reads out of a mail")
    attempt.add_argument("--template", required=True, type=Path)
    attempt.add_argument("--mail", required=True, type=Path, help=".eml as saved, or plain text")
    add_json(actions.add_parser("list", help="templates there are"))
    actions.add_parser("remove", help="its mails become ordinary ones").add_argument("id", type=int)


async def run(options: argparse.Namespace) -> int | None:
    async with opened():
        return await _ACTIONS[options.action](options)


async def _save(options: argparse.Namespace) -> int | None:
    form = commands.Form(
        title=options.title,
        template=await asyncio.to_thread(options.template.read_text, "utf-8"),
        sender=options.sender,
        subject=options.subject,
        channel_id=options.mailbox,
    )
    number = await commands.save(SYSTEM, form=form, form_id=options.id)
    print(f"Form {number} was saved: {options.title}.")
    return None


async def _try(options: argparse.Namespace) -> int | None:
    raw = await asyncio.to_thread(options.mail.read_bytes)
    told = mime.digest(raw, frozenset())
    text = told["whole"] or told["text"] if told["from"]["address"] else raw.decode("utf-8")
    template = await asyncio.to_thread(options.template.read_text, "utf-8")
    found = await commands.preview(SYSTEM, template=template, text=text)
    for name, value in found["values"].items():
        print(f"{name}: {value}")
    if found["missing"]:
        print(f"Not found in the mail: {', '.join(found['missing'])}.")
        return 1
    return None


async def _list(options: argparse.Namespace) -> int | None:
    show(await db.fetch(LIST), json=options.json, empty="No forms come by mail.")
    return None


async def _remove(options: argparse.Namespace) -> int | None:
    await commands.remove(SYSTEM, form_id=options.id)
    print(f"Form {options.id} was removed.")
    return None


_ACTIONS = {"save": _save, "try": _try, "list": _list, "remove": _remove}
