"""Catalogues: lists and trees of words that the company keeps and other records refer to."""
