"""The managers' bot from outside: its name, links to it."""

from __future__ import annotations

from app.lean import import_aiogram
from app.settings import Settings


async def start_link(settings: Settings, token: str) -> str:
    """`https://t.me/<bot>?start=<token>`, or what to do when the bot is not known."""
    if settings.bot_token is None:
        return f"Set PULT_BOT_TOKEN, then send the bot this: /start {token}"
    name, fault = await bot_name(settings)
    if name is None:
        return f"Send your bot this: /start {token}   (its name could not be asked: {fault})"
    return f"https://t.me/{name}?start={token}"


async def bot_name(settings: Settings) -> tuple[str | None, str]:
    """(username, "") of the managers' bot, or (None, what is wrong)."""
    assert settings.bot_token is not None  # noqa: S101 - callers look first
    import_aiogram()
    from aiogram.methods import GetMe  # noqa: PLC0415 - aiogram is slow to import

    from bot.app import Address, api_of  # noqa: PLC0415
    from routing.contracts import DeliveryError  # noqa: PLC0415

    token = settings.bot_token.get_secret_value()
    api = api_of(Address(token=token, api_url=settings.telegram_api_url))
    try:
        me = await api.call(GetMe())
    except DeliveryError as error:
        return None, str(error)
    finally:
        await api.close()
    return str(me["username"]), ""
