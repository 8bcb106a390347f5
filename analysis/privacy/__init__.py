"""What tells who is speaking: found and masked before anyone reads, looked for in quotes before they leave."""
