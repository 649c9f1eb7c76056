"""The reports there are, one file each: `REPORT` is its definition."""
