"""What is wrong with a request (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel, Field


class FaultAnswer(BaseModel):
    """One fault: where, what, and what to do."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the request.")
    code: str
    detail: str
    hint: str = ""
    allowed: list[str] = Field(default_factory=list)


class ProblemAnswer(BaseModel):
    """A problem, with every fault at once."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str = ""
    errors: list[FaultAnswer] = Field(default_factory=list)
