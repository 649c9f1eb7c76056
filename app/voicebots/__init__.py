"""The role `voicebot`: bots of the rows, in a process of their own."""
