"""Channel accounts as rows: credentials encrypted, taken into use without a restart."""
