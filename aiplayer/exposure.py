"""What an operator sets before strangers can reach the service: keys, rates, proxies, origins and a port of its own."""

import hashlib
import ipaddress
import json
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

SHA256_PATTERN = r"^[0-9a-fA-F]{64}$"
# What a header carries as it is: printable ASCII without spaces.
SENDABLE = re.compile(r"[!-~]*")
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:.]+\](:\d{1,5})?|\*")


def _sendable(secret: SecretStr) -> SecretStr:
    if not SENDABLE.fullmatch(secret.get_secret_value()):
        raise ValueError("must be printable ASCII without spaces")
    return secret


def _listed(value: Any) -> Any:
    """A list as an environment variable holds it: JSON, or separated by commas."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return _from_json(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def _from_json(value: Any) -> Any:
    """What an environment variable holds as JSON; nothing where it is empty."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else []
    except ValueError:
        # Without the reason, which holds what was written.
        raise ValueError("must be JSON") from None


def _network(network: str) -> str:
    try:
        return str(ipaddress.ip_network(network)) if "/" in network else str(ipaddress.ip_address(network))
    except ValueError:
        raise ValueError("must be addresses and networks such as 10.0.0.0/8, or ::1") from None


def _address(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise ValueError("must be an address of this machine, such as 127.0.0.1 or 0.0.0.0") from None


def _origin(origin: str) -> str:
    if not ORIGIN.fullmatch(origin):
        raise ValueError("must be origins such as https://player.example, without a path, or *")
    return origin.lower()


Secret = Annotated[SecretStr, AfterValidator(_sendable)]


class ApiKey(BaseModel):
    """A client that may ask.

    Attributes:
        name: What the operator calls the client; clients never see it.
        secret: What the client sends.
        sha256: In place of the secret, its SHA-256 in hexadecimal digits. A key is long and random, and so needs no
            slower hash.
        requests_per_minute: The client's own limit; 0 for none, and None for that of everybody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    secret: Secret | None = None
    sha256: str | None = Field(default=None, pattern=SHA256_PATTERN, repr=False)
    requests_per_minute: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _check_secret(self) -> "ApiKey":
        if (self.secret is None) == (self.sha256 is None):
            raise ValueError("needs either secret or sha256")
        if self.secret is not None and not self.secret.get_secret_value():
            raise ValueError("has an empty secret")
        return self

    @property
    def digest(self) -> bytes:
        """The SHA-256 of what the client sends, 32 bytes."""
        if self.secret is None:
            return bytes.fromhex(self.sha256 or "")
        return hashlib.sha256(self.secret.get_secret_value().encode()).digest()


def _different(keys: tuple[ApiKey, ...]) -> tuple[ApiKey, ...]:
    """Refuse two keys that cannot be told apart."""
    if len({key.name for key in keys}) < len(keys):
        raise ValueError("must have different names")
    if len({key.digest for key in keys}) < len(keys):
        raise ValueError("must have different secrets")
    return keys


class ExposureSettings(BaseModel):
    """Part of `aiplayer.settings.Settings`; whatever is not set here leaves the service open to all who reach it."""

    api_keys: Annotated[tuple[ApiKey, ...], NoDecode, BeforeValidator(_from_json), AfterValidator(_different)] = Field(
        default=(), description="Who may ask, by name, secret or its SHA-256, and a rate of its own."
    )
    service_key: Secret = Field(default=SecretStr(""), description="What the page and the commands send as their key.")
    requests_per_minute: int = Field(default=0, ge=0, description="Most requests of one client in a minute; 0: any.")
    trusted_proxies: Annotated[
        tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_listed)
    ] = Field(default=(), description="Addresses and networks whose X-Forwarded-For is believed.")
    cors_origins: Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed)] = (
        Field(default=(), description="Origins whose pages may ask from a browser.")
    )
    admin_port: int = Field(default=0, ge=0, le=65_535, description="Where /metrics is served in place of the API's.")
    admin_host: Annotated[str, AfterValidator(_address)] = Field(
        default="127.0.0.1", description="The address at which the port of the operator listens."
    )

    @property
    def key_headers(self) -> dict[str, str]:
        """The headers with which a client of this project sends its key; none where it has no key."""
        key = self.service_key.get_secret_value()
        return {"Authorization": f"Bearer {key}"} if key else {}
