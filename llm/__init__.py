"""Language models behind one small interface: `stream` for someone who waits, `extract` for background work, batches where nobody waits."""

from llm.base import Batch, BatchModel, Completion, Model, ModelError, Partial, Reply, Request, Usage
from llm.choose import batches_for, model_for
from llm.prompt import Prompt, PromptFile

__all__ = [
    "Batch",
    "BatchModel",
    "Completion",
    "Model",
    "ModelError",
    "Partial",
    "Prompt",
    "PromptFile",
    "Reply",
    "Request",
    "Usage",
    "batches_for",
    "model_for",
]
