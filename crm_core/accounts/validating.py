"""Settings people gave, against the schema of what they are for: data to store, or one fault."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from crm_core.kernel.errors import Invalid


def fault_of(error: ValidationError) -> tuple[str, str]:
    """The first field that is wrong, and what is wrong with it."""
    fault = error.errors(include_url=False, include_input=False)[0]
    return ".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")


def validated(model: type[BaseModel], raw: dict[str, Any]) -> dict[str, Any]:
    """Settings as JSON-able data with secrets in clear; Invalid names what is wrong."""
    unknown = sorted(set(raw) - set(model.model_fields))
    if unknown:
        known = ", ".join(model.model_fields)
        raise Invalid("Unknown setting %(name)s. Known: %(known)s.", name=unknown[0], known=known)
    try:
        config = model.model_validate(raw)
    except ValidationError as error:
        name, fault = fault_of(error)
        raise Invalid("Setting %(name)s: %(fault)s.", name=name, fault=fault) from None
    data = config.model_dump(mode="json", exclude_unset=True)
    for name in secret_fields(model):
        value = getattr(config, name)
        if isinstance(value, SecretStr) and name in data:
            data[name] = value.get_secret_value()
    return data


def secret_fields(model: type[BaseModel]) -> list[str]:
    """Names of the fields that must be stored encrypted."""
    return [
        name for name, field in model.model_fields.items() if "SecretStr" in str(field.annotation)
    ]
