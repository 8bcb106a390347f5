"""How a survey's fieldwork stands: who is being interviewed, where people drop off, what it costs."""
