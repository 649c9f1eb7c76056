"""What an administrator sets up in the chat: fields of cards, statuses and their conditions."""
