"""What is asked, and of whom: surveys, guides, consent, participants."""
