"""Everyone who writes or calls: one card, contact points, identities in channels, merges."""
