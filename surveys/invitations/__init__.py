"""Inviting people by personal links and e-mail. What is known of them as contacts is kept apart from what they say."""
