"""Keeps what every call to a language model was for, what it used and what it cost."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from llm import Completion, ModelError, Prompt, Reply
from llm.usage import cost_usd
from surveys.models import ModelCall


def record_call(survey_id: int, participant_id: int | None, purpose: str, prompt: Prompt, result: Completion[Any] | Reply | ModelError) -> ModelCall:
    """Stores one call, answered or failed; tokens are counts, the cost is in US dollars, empty where the model's price is not known.

    A call for someone who withdrew meanwhile is nobody's, but it cost what it cost.
    """
    usage = result.usage
    call = ModelCall(
        survey_id=survey_id,
        participant_id=participant_id,
        purpose=purpose,
        model=result.model,
        prompt_version=prompt.version,
        outcome=result.code if isinstance(result, ModelError) else "ok",
        input_tokens=usage.input,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
        output_tokens=usage.output,
        cost_usd=cost_usd(result.model, usage, getattr(settings, "LLM_PRICES", None)),
        latency_ms=result.latency_ms,
        first_token_ms=None if isinstance(result, ModelError) else result.first_token_ms,
    )
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError:
        call.pk, call.participant_id, call._state.adding = None, None, True
        call.save()
    return call
