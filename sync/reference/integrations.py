"""How a platform is joined to its neighbours: `integrations.toml` in the data folder.

docs/integration.md has the file with every setting. Secrets stand in files of their own, whose
path is relative to the data folder (`password_file = "private/lrs.password"`), so that the
settings themselves may be shown to anybody.
"""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FILE = "integrations.toml"
XAPI, SUPERVISION = "xapi", "supervision"
_T = TypeVar("_T", bound="DataclassInstance")


class IntegrationsError(Exception):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnSettings:
    """Signing in at somebody else's page.

    adapter: `oidc` (an ID token says who it was) or `oauth` (no ID token; the provider's
    userinfo says it, and authorization_endpoint, token_endpoint and userinfo_endpoint have to
    be named). issuer: exactly as the provider writes it. login_claim: what is the learner's
    name at this platform. create: whether somebody who is not known becomes a learner of
    `class_id`; name_claim is then their name.
    """

    issuer: str
    client_id: str
    adapter: Literal["oidc", "oauth"] = "oidc"
    client_secret: str | None = field(default=None, repr=False)
    scope: str = "openid profile"
    login_claim: str = "preferred_username"
    name_claim: str = "name"
    subject_claim: str = "sub"
    algorithms: tuple[str, ...] = ("RS256", "ES256", "PS256")
    create: bool = False
    class_id: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    userinfo_endpoint: str = ""
    clock_leeway_s: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectsSettings:
    """Where pictures and films are kept.

    url: `file:///srv/anxue/objects` or
    `s3://bucket/prefix?endpoint=https://s3.example.cn&region=cn-south-1`. Without access_key
    the library's own ways count (environment, instance role). direct_media: learners get
    films by addresses that the store itself signed.
    """

    url: str
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    direct_media: bool = False
    timeout_s: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStoreSettings:
    """An xAPI record store. url: what stands before `/statements`. batch: statements a request."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    version: Literal["1.0.3", "2.0.0"] = "1.0.3"
    batch: int = 100
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionSettings:
    """The provincial supervision platform. url: where exports are posted. platform_id: ours."""

    url: str
    platform_id: str
    token: str = field(default="", repr=False)
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrations:
    """None: not joined to that."""

    sign_on: SignOnSettings | None = None
    objects: ObjectsSettings | None = None
    record_store: RecordStoreSettings | None = None
    supervision: SupervisionSettings | None = None

    @property
    def destinations(self) -> tuple[str, ...]:
        """Where records are forwarded to."""
        wanted = ((XAPI, self.record_store), (SUPERVISION, self.supervision))
        return tuple(name for name, settings in wanted if settings is not None)


def load(folder: Path) -> Integrations:
    """What the data folder's file says; nothing at all without one. Raises IntegrationsError."""
    path = folder / FILE
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Integrations()
    except (OSError, ValueError) as error:
        raise IntegrationsError(f"{path}: {error}") from error
    kinds: dict[str, Any] = {
        "sign_on": SignOnSettings,
        "objects": ObjectsSettings,
        "record_store": RecordStoreSettings,
        "supervision": SupervisionSettings,
    }
    unknown = set(told) - set(kinds)
    if unknown:
        raise IntegrationsError(f"{path}: no section is called {', '.join(sorted(unknown))}")
    return Integrations(
        **{name: _section(folder, path, name, kinds[name], told[name]) for name in told}
    )


def _section(folder: Path, path: Path, name: str, kind: type[_T], told: object) -> _T:
    if not isinstance(told, dict):
        raise IntegrationsError(f"{path}: [{name}] is no section")
    values: dict[str, Any] = {}
    for key, value in told.items():
        if key.endswith("_file"):
            values[key.removesuffix("_file")] = _secret(folder / str(value))
        else:
            values[key] = tuple(value) if isinstance(value, list) else value
    unknown = set(values) - {each.name for each in fields(kind)}
    if unknown:
        raise IntegrationsError(f"{path}: [{name}] knows no {', '.join(sorted(unknown))}")
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]  # the input may be a secret
        place = ".".join(str(part) for part in first["loc"])
        raise IntegrationsError(f"{path}: [{name}] {place}: {first['msg']}") from None


def _secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise IntegrationsError(f"{path}: {error.strerror}") from error
