"""What a client is, in the bot: groups, classifying catalogues, how they first came."""
