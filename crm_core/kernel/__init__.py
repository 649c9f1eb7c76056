"""What every slice stands on: database, commands, journal, clock, timers, secrets, texts."""
