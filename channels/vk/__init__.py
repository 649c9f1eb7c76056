"""VK: messages of a community, and the orders of its shop."""
