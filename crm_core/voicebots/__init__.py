"""Voice bots as rows: where each gets its calls from and how it talks."""
