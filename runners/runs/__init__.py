"""Runs: whether two are one, and what is asked before one is stored."""
