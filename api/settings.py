"""Settings, from the environment with the prefix ``LCA_``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(env_prefix="LCA_", extra="ignore")

    data_root: Path | None = Field(
        None, description="Folder of everything that is written; the user's data folder if not set."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=256, description="Worker processes.")
    max_body_bytes: int = Field(1_048_576, ge=1024, description="Largest request body.")
    max_lines: int = Field(1000, ge=1, description="Most lines and emissions of a request.")
    cors_origins: tuple[str, ...] = Field((), description="Origins a browser may call from.")
    log_level: str = Field("info", description="Level of the server's log.")
