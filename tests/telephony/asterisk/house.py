"""Pult's telephony at work with a real Asterisk: phones, an outside line, HTTP for questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from admin_web.app import build as build_web
from admin_web.context import Context
from crm_core.accounts.commands import Settings
from crm_core.calls import connecting, queries
from crm_core.calls.queries import CallView
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from sandbox.asterisk.phone import Phone
from telephony.asterisk import snippets
from telephony.asterisk.config import Config
from telephony.runner import PbxRunner
from tests import factories
from tests.telephony.asterisk.box import AMI_SECRET, AMI_USER, PASSWORD, Box
from tests.waiting import eventually

SECRET = "the-secret-of-the-hook"
DID, DID_AMI = "74950077", "74950088"  # asked over HTTP, and by an event


def settings(box: Box, **more: object) -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": box.port("AMI"),
        "username": AMI_USER,
        "secret": AMI_SECRET,
        "ring": 3,
        "cdr_file": str(box.log_file),
        **more,
    }


def dialled(box: Box) -> str:
    """What `pult pbx setup` prints, and the outside line led to it."""
    config = Config.model_validate(settings(box))
    url = f"http://127.0.0.1:{box.port('HUB_HTTP')}/hooks/pbx/1/{SECRET}"
    dialplan = snippets.dialplan(config, url).replace("FALLBACK", "default-queue")
    asks = Config.model_validate(settings(box, ask="ami"))
    second = snippets.dialplan(asks, url).replace("FALLBACK", "default-queue")
    second = second.partition("[pult-dial]")[0].replace("[pult-in]", "[pult-asks]")
    led = "".join(
        f"exten => {did},1,Goto({context},${{EXTEN}},1)\n"
        for did, context in ((DID, "pult-in"), (DID_AMI, "pult-asks"))
    )
    return f"{dialplan}\n{second}\n[from-trunk](+)\n{led}"


class House:
    """One company: its PBX row, its phones, its telephony process."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.server = ("127.0.0.1", box.port("SIP"))
        self.phones: dict[str, Phone] = {}
        self.outside = Phone("outside", self.server, at=("127.0.0.2", box.port("TRUNK")))

    async def phone(self, extension: str) -> Phone:
        phone = Phone(extension, self.server, secret=PASSWORD)
        self.phones[extension] = phone
        return await phone.open()

    async def person(self, name: str, extension: str, role: Role = Role.MANAGER) -> Actor:
        """Somebody on shift, with a phone."""
        actor = await factories.employee(name, role=role)
        await db.execute("UPDATE employee SET extension = $2 WHERE id = $1", actor.id, extension)
        await self.phone(extension)
        return actor

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[PbxRunner]:
        """Pult runs: the link is up, questions are answered."""
        wakeups, supervisor = Wakeups(), Supervisor()
        runner = PbxRunner(wakeups, public_url=f"http://127.0.0.1:{self.box.port('HUB_HTTP')}")
        supervisor.start("wakeups", wakeups.run)
        await wakeups.listening.wait()
        await runner.refresh()
        site = await _serve(runner, self.box.port("HUB_HTTP"))
        supervisor.start("telephony", runner.run)
        try:
            await eventually(lambda: linked(runner), what="the link to Asterisk")
            yield runner
        finally:
            await site.cleanup()
            await supervisor.stop()

    async def forget_calls(self) -> None:
        """The PBX has lost everything: calls and registrations."""
        for phone in (*self.phones.values(), self.outside):
            phone.legs.clear()
            if phone.secret:
                await phone.register()

    async def close(self) -> None:
        for phone in self.phones.values():
            await phone.close()
        await self.outside.close()


async def linked(runner: PbxRunner) -> bool:
    return await db.fetchval("SELECT broken IS NULL FROM pbx WHERE id = 1") and runner.linked(1)


async def _serve(runner: PbxRunner, port: int) -> web.AppRunner:
    context = Context(live=dict, pipe=InboundPipe(), pbx_hook=runner.receive)
    site = web.AppRunner(build_web(context), access_log=None, shutdown_timeout=0.1)
    await site.setup()
    await web.TCPSite(site, "127.0.0.1", port).start()
    return site


@asynccontextmanager
async def standing(box: Box) -> AsyncIterator[House]:
    """A company with this PBX; Pult does not run yet."""
    await factories.queue()
    stored = Settings(config=settings(box), secret_fields=["secret"])
    await connecting.add(SYSTEM, kind="asterisk", name="office", settings=stored)
    await db.execute("UPDATE pbx SET hook_secret = $1", SECRET)
    house = House(box)
    await house.outside.open()
    yield house
    await house.close()
    box.console("channel request hangup all")


async def ended(count: int = 1, **wanted: object) -> list[CallView]:
    """So many ended calls, oldest first."""

    async def look() -> list[CallView]:
        found = await queries.calls(queries.Filter(), limit=50)
        over = [call for call in found if call.state == "ended"]
        return over if len(over) >= count else []

    found = await eventually(look, what=f"{count} ended calls")
    return sorted(found, key=lambda call: call.started_at)


async def living(state: str) -> CallView:
    """The call that goes on, once it is in this state."""

    async def look() -> CallView | None:
        return next((call for call in await queries.living() if call.state == state), None)

    found = await eventually(look, what=f"a call to be {state}")
    assert found is not None
    return found
