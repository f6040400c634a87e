"""JSON input and output, shared by the REST API and the control API."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from pycti.errors import ApiError, StateError

log = logging.getLogger("pycti.pbx")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FieldsError(ApiError):
    """The body is incomplete; ``fields`` describes the error of each field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(400, "Validation failed: " + " ".join(fields.values()))
        self.fields = fields


def answer(data: object, status: int = 200) -> web.Response:
    """Return a JSON answer."""
    return web.json_response(data, status=status)


async def read_object(request: web.Request) -> dict[str, object]:
    """Return the JSON object in a request's body; an empty body is an empty object.

    Raises:
        ApiError: 400, it has another type.
    """
    try:
        body = await request.read()
    except web.RequestPayloadError:
        raise ApiError(400, "The request's body cannot be read.") from None
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError(400, "The request's body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise ApiError(400, "The request's body is not a JSON object.")
    return value


def text_field(body: Mapping[str, object], name: str) -> str:
    """Return a field as text, or ``""`` if it is missing; a number counts as text.

    Raises:
        ApiError: 400, it has another type.
    """
    value = body.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FieldsError({name: f"{name} has to be text."})
    return str(value).strip()


async def as_json(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Run ``handler`` and return errors as JSON."""
    try:
        return await handler(request)
    except FieldsError as error:
        errors = [{"field": name, "message": text} for name, text in error.fields.items()]
        return answer({"message": error.message, "errors": errors}, error.status)
    except ApiError as error:
        return answer({"message": error.message}, error.status)
    except StateError as error:
        return answer({"message": error.message}, 400)
    except web.HTTPException as error:
        allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        message = {"message": f"{error.reason}."}
        return web.json_response(message, status=error.status, headers=allow)
    except ConnectionError:
        return web.Response(status=400)  # the client left in the middle of its request
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return answer({"message": "Internal error of the PBX."}, 500)
