"""Which model does which work: one setting, LLM, decides for the whole process."""

from functools import cache
from typing import Literal, cast

from django.conf import settings

from llm.base import BatchModel, Model, ModelError

Purpose = Literal["interviewer", "analyst"]


@cache
def offline_model() -> Model:
    from llm.offline import OfflineModel

    return OfflineModel()


@cache
def model_for(purpose: Purpose, name: str = "") -> Model:
    """`name`: a model other than the one set for the purpose. Offline there is one model for all."""
    options = settings.LLM
    if options["backend"] == "offline":
        return offline_model()
    if options["backend"] == "anthropic":
        from llm.anthropic import AnthropicModel

        return AnthropicModel(
            name or options[purpose],
            api_key=options["api_key"],
            base_url=options["base_url"],
            timeout=options["timeout"],
            max_retries=options["max_retries"],
            max_concurrency=options["max_concurrency"],
        )
    raise ValueError(f"LLM_BACKEND is '{options['backend']}'; it must be 'anthropic' or 'offline'.")


def batches_for(purpose: Purpose, name: str = "") -> BatchModel:
    """The same model, where it takes batches. Raises ModelError where it does not."""
    model = model_for(purpose, name)
    if not hasattr(model, "submit"):
        raise ModelError("Batches need a language model's server: offline there are none. Use --live.", code="unavailable", retry=False)
    return cast(BatchModel, model)
