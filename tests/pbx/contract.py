"""The OpenAPI document, and what holds requests and answers to it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT: dict[str, Any] = json.loads((files("pycti.pbx") / "openapi.json").read_text("utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
_NAME = "urn:api"
_REGISTRY: Registry[Any] = Registry().with_resource(
    _NAME, Resource.from_contents(DOCUMENT, default_specification=DRAFT202012)
)


def operations() -> set[tuple[str, str]]:
    """Every method and path of the document, such as ``("PATCH", "/calls/{id}")``."""
    return {
        (method.upper(), path)
        for path, item in DOCUMENT["paths"].items()
        for method in METHODS
        if method in item
    }


def template_of(path: str) -> str | None:
    """Return the path of the document that ``path`` is one of; plain ones come first."""
    route = path.partition("?")[0]
    for template in sorted(DOCUMENT["paths"], key=lambda one: one.count("{")):
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), route):
            return str(template)
    return None


def _operation(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    template = template_of(path)
    found = DOCUMENT["paths"][template].get(method.lower()) if template else None
    if template is None or found is None:
        return None
    return f"#/paths/{_escaped(template)}/{method.lower()}", found


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _check(pointer: str, value: object, what: str) -> None:
    schema = {"$ref": f"{_NAME}{pointer}/content/application~1json/schema"}
    errors = list(Draft202012Validator(schema, registry=_REGISTRY).iter_errors(value))
    assert not errors, f"{what}: {errors[0].message} in {value!r}"


def check_request(method: str, path: str, body: object) -> None:
    """A request that is sent must be one that the document knows."""
    found = _operation(method, path)
    assert found is not None, f"{method} {path} is not in the document"
    pointer, operation = found
    if body is not None:
        assert "requestBody" in operation, f"{method} {path} has no body"
        _check(f"{pointer}/requestBody", body, f"the body of {method} {path}")
    else:
        assert not operation.get("requestBody", {}).get("required"), f"{method} {path} needs a body"


def check_answer(method: str, path: str, status: int, body: object) -> None:
    """An answer must be one that the document promises; faults of the server are not in it."""
    found = _operation(method, path)
    if found is None:
        assert status in (404, 405, 421), f"{method} {path} is not in the document, but {status}"
        return
    if status >= 500 or status in (413, 421):
        return
    pointer, operation = found
    answer = operation["responses"].get(str(status))
    assert answer is not None, f"{method} {path} may not answer {status}: {body!r}"
    if "$ref" in answer:
        pointer, answer = answer["$ref"], DOCUMENT
        for step in pointer.removeprefix("#/").split("/"):
            answer = answer[step]
    else:
        pointer = f"{pointer}/responses/{status}"
    if "content" in answer:
        _check(pointer, body, f"{status} of {method} {path}")
    else:
        assert body is None, f"{status} of {method} {path} has a body"
