"""What BentoML's clients learn of a service: /schema.json, which names the calls.

BentoML describes the methods that it has made routes of itself. Ours stand in the app that it serves, so they are read
from there: `bentoml.SyncHTTPClient(url).recommend(title="...")` works as with any service of BentoML.
"""

from typing import Any

from _bentoml_sdk import Service
from fastapi import FastAPI

JSON = "application/json"
# Where an OpenAPI document keeps the schemas that others name, and where a schema of JSON does by itself.
COMPONENTS, DEFINITIONS = "#/components/schemas/", "#/$defs/"
# BentoML's clients make a path of it: they write the answer into a file.
FILE = {"type": "file", "format": "binary"}


class DescribedService(Service[Any]):
    """A service whose app is an app of FastAPI, and which describes the routes of that."""

    __slots__ = ()

    def schema(self) -> dict[str, Any]:
        """What BentoML says of a service, with a call for each route that takes JSON."""
        described = super().schema()
        for app, _, _ in self.mount_apps:
            described["routes"] += calls_of(app)
        return described


def describe(service: Service[Any]) -> None:
    """Let a service describe the routes of its app."""
    service.__class__ = DescribedService


def calls_of(app: FastAPI) -> list[dict[str, Any]]:
    """The calls that an app offers to BentoML's clients, which only ever POST JSON, and fill in no path."""
    document = app.openapi()
    calls = []
    for path, operations in document["paths"].items():
        if "post" in operations and "{" not in path:
            calls.append(_call(path, operations["post"], document["components"]["schemas"]))
    return calls


def _call(path: str, operation: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    body = operation["requestBody"]["content"][JSON]["schema"]
    answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    content_type, content = next(iter(answer["content"].items()))
    is_json = content_type == JSON
    return {
        # BentoML calls a route after its method.
        "name": path.strip("/").replace("/", "_"),
        "route": path,
        "doc": operation.get("description"),
        "input": _alone(body, components),
        "output": _alone(content["schema"], components) if is_json else FILE | {"content_type": content_type},
    }


def _alone(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A schema that holds all that it names."""
    named: dict[str, Any] = {}

    def with_definitions(part: Any) -> Any:
        if isinstance(part, list):
            return [with_definitions(entry) for entry in part]
        if not isinstance(part, dict):
            return part
        reference = part.get("$ref", "")
        if not reference.startswith(COMPONENTS):
            return {key: with_definitions(value) for key, value in part.items()}

        name = reference.removeprefix(COMPONENTS)
        if name not in named:
            # Before what it names itself, which may be the same.
            named[name] = None
            named[name] = with_definitions(components[name])
        return {"$ref": DEFINITIONS + name}

    # Clients look for the fields at its top.
    top = components[schema["$ref"].removeprefix(COMPONENTS)] if "$ref" in schema else schema
    return with_definitions(top) | ({"$defs": named} if named else {})
