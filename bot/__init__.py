"""The managers' Telegram bot: screens, forms, dialogs as topics, notices."""
