"""Whether the service lives, and is ready."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import EngineDep
from api.schemas.catalogue import HealthAnswer

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", operation_id="get_live")
def get_live() -> HealthAnswer:
    """Answer as long as the process lives."""
    return HealthAnswer(status="live")


@router.get("/ready", operation_id="get_ready")
def get_ready(engine: EngineDep) -> HealthAnswer:
    """Answer once a release is open."""
    return HealthAnswer(status=f"ready: data release {engine.catalogue.release}")
