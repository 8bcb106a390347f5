"""What the SDK, the transport and the server can raise, as a ModelError that says whether to try again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import anthropic
import httpx2

from llm.base import ModelError

# Everything a call may raise that is trouble on the way and not a fault of ours.
TROUBLE = (anthropic.APIError, httpx2.TransportError, OSError, ValueError)

# An error in the middle of a stream comes with status 200; only its type tells.
CODE_OF_TYPE = {
    "rate_limit_error": "rate_limited",
    "overloaded_error": "overloaded",
    "api_error": "overloaded",
    "timeout_error": "timeout",
    "invalid_request_error": "rejected",
    "authentication_error": "rejected",
    "billing_error": "rejected",
    "permission_error": "rejected",
    "not_found_error": "rejected",
}
CODE_OF_STATUS = {408: "timeout", 409: "overloaded", 429: "rate_limited", 504: "timeout"}


def model_error(error: Exception) -> ModelError:
    """The ModelError for one of TROUBLE."""
    if isinstance(error, anthropic.APIResponseValidationError):
        return ModelError("The server's answer is not a Messages API answer.", code="malformed", retry=True)
    if isinstance(error, anthropic.APIStatusError):
        return _status_error(error)
    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return ModelError("The model's server fell silent for too long.", code="timeout", retry=True)
    if isinstance(error, anthropic.APIConnectionError):
        return ModelError(f"The model's server cannot be reached: {error.__cause__ or error}", code="connection", retry=True)
    return ModelError(f"The reply broke off: {type(error).__name__}.", code="cut", retry=True)


def _status_error(error: anthropic.APIStatusError) -> ModelError:
    status = error.status_code
    if status < 400:
        code = CODE_OF_TYPE.get(error.type or "", "overloaded")
    else:
        code = CODE_OF_STATUS.get(status) or ("overloaded" if status >= 500 else "rejected")
    reason = error.api_message or error.type or "no reason given"
    if status in (401, 403):
        reason = f"the key or its permissions were refused: {reason}"
    return ModelError(f"{status} from the model's server: {reason}", code=code, retry=code != "rejected", after=retry_after(error.response.headers))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks us to wait, or None. It says so in milliseconds, in seconds or as a date."""
    try:
        if "retry-after-ms" in headers:
            return float(headers["retry-after-ms"]) / 1000
        return float(headers["retry-after"])
    except KeyError:
        return None
    except ValueError:
        return _until(headers.get("retry-after", ""))


def _until(date: str) -> float | None:
    try:
        return max(0.0, (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
