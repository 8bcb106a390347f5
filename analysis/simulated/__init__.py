"""What is known of simulated participants beyond what they said: codings made from their truth, and how much of it an analysis recovers."""
