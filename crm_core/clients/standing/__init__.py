"""Where a client stands: statuses, the conditions that give them, and how full the card is."""
