"""Applications: the list, the card, what is done with a request."""
