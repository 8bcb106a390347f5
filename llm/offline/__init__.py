"""The model that needs no network: a deterministic interviewer and coder, honest about being neither a person nor a language model."""

from llm.offline.model import OfflineModel

__all__ = ["OfflineModel"]
