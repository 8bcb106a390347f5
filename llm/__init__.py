"""Language models behind one small interface: `stream` for someone who waits, `extract` for background work."""

from llm.base import Completion, Model, ModelError, Partial, Usage
from llm.choose import model_for
from llm.prompt import Prompt, PromptFile

__all__ = ["Completion", "Model", "ModelError", "Partial", "Prompt", "PromptFile", "Usage", "model_for"]
