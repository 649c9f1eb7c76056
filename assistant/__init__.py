"""Help by machine: speech today; language models and knowledge to come."""
