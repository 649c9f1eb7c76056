"""What clients are: items of catalogues on their cards, and how they first heard of us."""
