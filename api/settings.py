"""Settings, from the environment with the prefix ``LCA_``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
# A token lets whoever has it try secrets without asking: only a long one is safe
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,200}")


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(env_prefix="LCA_", extra="ignore", hide_input_in_errors=True)

    data_root: Path | None = Field(
        None, description="Folder of everything that is written; the user's data folder if not set."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=256, description="Worker processes.")
    max_body_bytes: int = Field(1_048_576, ge=1024, description="Largest request body.")
    max_lines: int = Field(1000, ge=1, description="Most lines and emissions of a request.")
    sample_banks: int = Field(
        1,
        ge=0,
        le=1000,
        description="Seeds whose samples the service builds by itself, by release.",
    )
    database_url: str | None = Field(
        None, description="Database of what is kept; a SQLite file in the data folder if not set."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins a browser may call from, with commas between them."
    )
    pact_clients: Annotated[dict[str, SecretStr], NoDecode] = Field(
        default_factory=dict,
        description="Recipients that may fetch footprints as PACT has it: names and secrets, as in "
        "buyer:secret, with commas between them; there is no PACT host without.",
    )
    exercises: Path | None = Field(
        None, description="Folder with exercises of one's own, beside those that are shipped."
    )
    log_level: Literal["critical", "error", "warning", "info", "debug", "trace"] = Field(
        "info", description="Level of the server's log."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("pact_clients", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [part.strip().partition(":") for part in value.split(",") if part.strip()]
        if len({name for name, _, _ in pairs}) < len(pairs):
            raise ValueError("a client is named twice")
        return {name: secret for name, _, secret in pairs}

    @field_validator("pact_clients")
    @classmethod
    def _safe(cls, clients: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, secret in clients.items():
            if not _CLIENT.fullmatch(name) or not _SECRET.fullmatch(secret.get_secret_value()):
                raise ValueError(
                    "write a client as name:secret, with letters, digits, - and _; the secret with "
                    "32 characters or more, as `openssl rand -hex 32` makes it"
                )
        return clients

    @property
    def folder(self) -> Path:
        """The folder of everything that is written."""
        return self.data_root or Path(platformdirs.user_data_dir("lca-service"))

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.folder / 'footprints.sqlite'}"
