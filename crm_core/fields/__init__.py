"""Fields of the company's own on cards: what they are, what may stand there, how it is found."""
