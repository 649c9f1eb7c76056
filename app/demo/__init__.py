"""`pult demo`: a believable small company, and a stage to play all its parts at once."""
