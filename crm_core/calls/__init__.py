"""Calls: PBX connections, every call once with its legs, orders to the PBX, who is let through."""
