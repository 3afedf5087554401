"""Product categories, as JSON."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.request import Code, DeclarationRequest, Name, SamplingRequest


class CategoryAnswer(BaseModel):
    """A category of products that has a template."""

    id: str
    title: str
    category: str
    declared_unit: str
    parameters: list[str]
    left_out: str = Field(description="What a complete footprint would add.")


class CategoryRequest(BaseModel):
    """Answers to a category's questions; what is not answered has the template's default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name | None = Field(None, description="Else the category's title.")
    location: Code = Field(description="Where the product is made.")
    parameters: dict[Name, Any] = Field(
        default_factory=dict, description="GET /v1/categories/{id}/schema"
    )
    indicators: list[Code] = Field(default_factory=list, max_length=100)
    methods: dict[Code, Code] = Field(default_factory=dict, max_length=100)
    uncertainty: SamplingRequest | None = None
    declaration: DeclarationRequest | None = None
    data_release: Code | None = None
