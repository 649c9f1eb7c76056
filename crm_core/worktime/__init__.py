"""Working time: when the company is at work, and how long anything took of that."""
