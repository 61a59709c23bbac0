"""What pages of every subject need of the web."""
