"""Reports: each one file in `library`; run, opened to its items, drawn and exported alike."""
