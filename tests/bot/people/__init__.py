"""Contact persons, requisites and the clients workplace in the bot."""
