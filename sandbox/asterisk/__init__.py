"""A real Asterisk in a private folder, and phones for it: the demo's and the tests' PBX."""
