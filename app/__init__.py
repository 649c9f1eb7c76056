"""The composition root: settings, wiring, the command line, supervised start and stop."""
