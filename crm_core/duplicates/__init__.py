"""Duplicates: one matching service for every entrance, proposals, and the scan behind them."""
