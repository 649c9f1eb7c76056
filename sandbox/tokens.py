"""The sandbox's own fixed demo tokens. They open nothing outside this machine."""

from typing import Final

CLIENTS_BOT_TOKEN: Final = "7000000001:SANDBOX-clients-bot-not-a-secret-00"  # noqa: S105
MANAGERS_BOT_TOKEN: Final = "7000000002:SANDBOX-managers-bot-not-a-secret-0"  # noqa: S105

DEMO_TOKENS: Final = frozenset({CLIENTS_BOT_TOKEN, MANAGERS_BOT_TOKEN})
