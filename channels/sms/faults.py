"""Why an SMS was not sent or did not arrive, as lines for managers and admins. Data."""

from __future__ import annotations

from crm_core.kernel.i18n import N_

LOGIN_REFUSED = N_("The SMS gateway refuses login or password: set them again.")
NO_MONEY = N_("The SMS account has run out of money: top it up.")
ADDRESS_BLOCKED = N_("The SMS gateway has blocked our address: write to its support.")
FORBIDDEN = N_("The SMS gateway refuses this text or sender: ask its support.")
BAD_NUMBER = N_("This number can't get SMS.")
WRONG_NUMBER = N_("The number is wrong.")
TOO_OFTEN = N_("The SMS gateway asks to wait.")
UNREACHABLE_API = N_("The SMS gateway can't be reached: check the network and its address.")
NO_ANSWER = N_("No answer from the SMS gateway: it is not known whether the SMS was sent.")
NOT_AN_API = N_("The address answers, but it is no SMS gateway: check it.")
OUT_OF_ORDER = N_("The SMS gateway is out of order at the moment.")
EXPIRED = N_("The SMS has expired: the phone was off or out of reach.")
UNDELIVERABLE = N_("The SMS can't be delivered to this number.")
NO_FILES = N_("SMS carries text only.")
NO_EDITS = N_("An SMS can't be changed: write a new message.")
