"""Links to the managers' bot."""

from __future__ import annotations

from app.lean import import_aiogram
from app.settings import Settings


async def start_link(settings: Settings, token: str) -> str:
    """`https://t.me/<bot>?start=<token>`, or what to do when the bot is not known."""
    if settings.bot_token is None:
        return f"Set PULT_BOT_TOKEN, then send the bot this: /start {token}"
    import_aiogram()
    from aiogram.methods import GetMe  # noqa: PLC0415 - aiogram is slow to import

    from bot.app import Address, api_of  # noqa: PLC0415
    from routing.contracts import DeliveryError  # noqa: PLC0415

    api = api_of(
        Address(token=settings.bot_token.get_secret_value(), api_url=settings.telegram_api_url)
    )
    try:
        me = await api.call(GetMe())
    except DeliveryError as error:
        return f"Send your bot this: /start {token}   (its name could not be asked: {error})"
    finally:
        await api.close()
    return f"https://t.me/{me['username']}?start={token}"
