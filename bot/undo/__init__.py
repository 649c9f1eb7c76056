"""Taking back what was changed on a card."""
