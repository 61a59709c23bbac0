"""Who may coach here, where `COACHES` leaves that to the host."""
