"""What was said: interviews, turns, and the engine that holds the conversation."""
