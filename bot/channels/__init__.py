"""Channel accounts in the bot: how they are doing, on and off, notices when one breaks."""
