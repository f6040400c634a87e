"""Send requests to the REST API through the platform."""

from __future__ import annotations

from pycti.common.redaction import Secrets
from pycti.platform import Platform
from pycti.rest.api import ApiRequest, ApiResponse


class RestClient:
    """Sends requests to a base URL, with the token in a header."""

    def __init__(self, platform: Platform, endpoint: str) -> None:
        self._platform = platform
        self._endpoint = endpoint.rstrip("/")
        self.secrets = Secrets()

    def url(self, request: ApiRequest) -> str:
        """Return the absolute URL of ``request``."""
        return self._endpoint + request.path

    async def send(self, request: ApiRequest, token: str | None) -> ApiResponse:
        """Send ``request``, with ``token`` only in the header.

        Raises:
            NetworkError: there was no answer.
        """
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["X-Auth-Token"] = token
        body = request.body
        if body is not None:
            headers["Content-Type"] = "application/json"
        status, text = await self._platform.fetch(
            request.method, self.url(request), headers, body, request.timeout
        )
        secrets = (token, *request.secrets)
        return ApiResponse(status, text, lambda words: self.secrets.clean(words, secrets))
