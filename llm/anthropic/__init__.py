"""Claude, and whatever else speaks the Messages API, through the vendor's SDK."""

from llm.anthropic.model import AnthropicModel

__all__ = ["AnthropicModel"]
