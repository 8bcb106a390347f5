"""Evidence of how answers were written, for a researcher to weigh. Nothing here rejects anybody."""
