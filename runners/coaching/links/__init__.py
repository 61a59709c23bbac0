"""Links between coaches and athletes: who was told what, and what the athlete has to say."""
