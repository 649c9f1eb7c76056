"""OpenAPI 3.1, made from the command registry."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from admin_web.refusals import json
from crm_core.kernel import commands
from crm_core.kernel.commands import Command
from crm_core.kernel.i18n import gettext

routes = web.RouteTableDef()

REF = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["code", "message"],
        }
    },
    "required": ["error"],
}
ANSWERS = {
    "401": "No valid token",
    "403": "No right to this",
    "404": "There is no such thing",
    "409": "The state has moved on, or the key was used for another command",
    "422": "The arguments can't be taken; `fields` names what is missing",
}


@routes.get("/api/v1/openapi.json")
async def openapi(_request: web.Request) -> web.Response:
    return json(document())


def document() -> dict[str, Any]:
    """The whole description as JSON-able data."""
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths = {
        f"/api/v1/commands/{one.name}": {"post": _operation(one, schemas)}
        for one in commands.all_commands().values()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pult", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _operation(one: Command, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = one.arguments.model_json_schema(ref_template=REF)
    schemas |= schema.pop("$defs", {})
    schemas[one.arguments.__name__] = schema
    problem = {"application/json": {"schema": {"$ref": REF.format(model="Problem")}}}
    return {
        "operationId": one.name,
        "summary": gettext(one.title),
        "description": one.summary,
        "tags": [one.name.split(".", 1)[0]],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": 100},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": REF.format(model=one.arguments.__name__)}}
            },
        },
        "responses": {
            "200": {
                "description": "Done",
                "content": {
                    "application/json": {"schema": {"type": "object", "properties": {"result": {}}}}
                },
            }
        }
        | {status: {"description": text, "content": problem} for status, text in ANSWERS.items()},
    }
