"""What machines fetch when they start, from the Parameter Store: what they serve, their settings, and their secrets."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings
from infra.aws import unless_missing
from infra.ec2.resource import DEPLOYMENT_TAG, Found, Resource, Site, Tell, tags_of

IMAGE = re.compile(r"[a-z0-9][A-Za-z0-9._:/@-]{0,254}")
SET = re.compile(r"([0-9a-f]{1,12}|latest)?")
# Of the certificate with which a lone machine speaks TLS; all others are settings.
TLS = ("tls_certificate", "tls_key")
MOST_BYTES = 4_096


class Release(NamedTuple):
    """What a deployment serves.

    Attributes:
        image: The image, as Docker pulls it.
        set_name: The set of models; empty for the one that is packed in the image.
    """

    image: str
    set_name: str = ""

    @property
    def text(self) -> str:
        """As machines read it, in a shell and as Docker's environment."""
        return f"IMAGE={self.image}\nAIPLAYER_SET={self.set_name}\n"


def checked_release(image: str, set_name: str) -> Release:
    """A release of names that a shell and Docker read as they are.

    Raises:
        InvalidInput: it is none.
    """
    if not IMAGE.fullmatch(image):
        raise InvalidInput("--image is no image. Name one such as 1234.dkr.ecr.eu-central-1.amazonaws.com/ai-player:1.")
    if not SET.fullmatch(set_name):
        raise InvalidInput("--set is no set. Give the beginning of its name, up to 12 hexadecimal digits, or `latest`.")
    return Release(image, set_name)


class Parameter(Resource):
    """A text that machines fetch and that is no secret.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        value: What it holds; None leaves that as it is.
    """

    kind = "parameter"

    def __init__(self, site: Site, part: str, value: str | None = None) -> None:
        super().__init__(site, part)
        self.name = f"/aiplayer/{site.name}/{part}"
        self._value = value

    def look_up(self) -> Found | None:
        """The parameter of this name."""
        answer = unless_missing(self._ssm.get_parameter, "ParameterNotFound", Name=self.name)
        if answer is None:
            return None
        listed = self._ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=self.name)["TagList"]
        return Found(self.name, "", tags_of(listed), {"value": answer["Parameter"]["Value"]})

    def make(self, tell: Tell) -> None:
        """Write it."""
        tags = self.site.listed_tags(self.part)
        self._ssm.put_parameter(Name=self.name, Type="String", Value=self.wanted(), Tags=tags)

    def differences(self, found: Found) -> list[str]:
        """Whether it holds something else."""
        return [] if self.wanted() in (None, found.details["value"]) else ["what it holds"]

    def change(self, found: Found) -> None:
        """Write it anew."""
        self.write(self.wanted() or "")

    def wanted(self) -> str | None:
        """What it has to hold; None where that does not matter."""
        return self._value

    def write(self, value: str) -> None:
        """Have it hold something else."""
        self._ssm.put_parameter(Name=self.name, Type="String", Value=value, Overwrite=True)

    def remove(self, found: Found) -> None:
        """Remove it."""
        self._ssm.delete_parameter(Name=self.name)

    @property
    def _ssm(self) -> Any:
        return self.site.aws.client("ssm")


class ReleaseParameter(Parameter):
    """What a deployment serves; only `deploy` changes it, for it proves it.

    Args:
        site: Where the deployment lies.
        release: What is to be served; None for whatever it is.
    """

    def __init__(self, site: Site, release: Release | None = None) -> None:
        super().__init__(site, "release", release.text if release else None)

    def read(self, found: Found) -> Release:
        """What is served."""
        lines = dict(line.split("=", 1) for line in found.details["value"].splitlines())
        return Release(lines["IMAGE"], lines["AIPLAYER_SET"])

    def make(self, tell: Tell) -> None:
        """Write it, unless nobody said what is to be served."""
        if self.wanted() is None:
            raise InvalidInput("There is no image yet. Name one: --image URI", field="image")
        super().make(tell)

    def differences(self, found: Found) -> list[str]:
        """Nothing: what is served is not changed in passing.

        Raises:
            InvalidInput: another release is wanted.
        """
        if super().differences(found):
            served = self.read(found)
            raise InvalidInput(
                f"{self.site.name} serves {served.image} with the set {served.set_name or 'packed in it'}. "
                "Bring another by `deploy --image URI --set NAME`."
            )
        return []


class Secrets(Resource):
    """The secrets, each an encrypted parameter that becomes a file on the machines.

    Args:
        site: Where the deployment lies.
        values: By their names; None leaves all as they are.
    """

    kind = "secrets"

    def __init__(self, site: Site, values: dict[str, str] | None = None) -> None:
        super().__init__(site, "secrets")
        self.name = f"/aiplayer/{site.name}/secrets"
        self._values = values

    def look_up(self) -> Found | None:
        """Those in the deployment's folder that carry its tag."""
        path = {"Path": self.name, "Recursive": True, "WithDecryption": True}
        listed = self.site.aws.pages("ssm", "get_parameters_by_path", "Parameters", **path)
        values = {
            entry["Name"].rpartition("/")[2]: entry["Value"] for entry in listed if self._is_tagged(entry["Name"])
        }
        return Found(self.name, "", self.site.tags(self.part), values) if values else None

    def make(self, tell: Tell) -> None:
        """Write them."""
        self._write(self._values or {})

    def differences(self, found: Found) -> list[str]:
        """The names of those that are others."""
        return [f"{name} is another" for name in self._others(found)]

    def change(self, found: Found) -> None:
        """Write those that are others; what is not given stays."""
        self._write(self._others(found))

    def remove(self, found: Found) -> None:
        """Remove all."""
        for name in found.details:
            self.site.aws.client("ssm").delete_parameter(Name=f"{self.name}/{name}")

    def _others(self, found: Found) -> dict[str, str]:
        return {name: value for name, value in (self._values or {}).items() if found.details.get(name) != value}

    def _write(self, values: dict[str, str]) -> None:
        ssm, tags = self.site.aws.client("ssm"), self.site.listed_tags(self.part)
        for name, value in values.items():
            path = f"{self.name}/{name}"
            ssm.put_parameter(Name=path, Type="SecureString", Value=value, Overwrite=True)
            ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=path, Tags=tags)

    def _is_tagged(self, path: str) -> bool:
        ssm = self.site.aws.client("ssm")
        tags = tags_of(ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=path)["TagList"])
        return tags.get(DEPLOYMENT_TAG) == self.site.name


def read_secrets(folder: Path) -> dict[str, str]:
    """The secrets of a folder, by the names of its files.

    Raises:
        InvalidInput: it holds something that is no setting's secret, is empty, or is too long.
    """
    if not folder.is_dir():
        raise InvalidInput(f"--secrets {folder} is no folder. Name one with a file for each secret.", field="secrets")
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    values = {}
    for path in files:
        if path.name not in TLS and path.name.removeprefix("aiplayer_") not in Settings.model_fields:
            raise InvalidInput(f"{path} belongs to no setting. Name files as aiplayer_database_url is, or remove it.")
        values[path.name] = path.read_text(encoding="utf-8").strip()
        if not 0 < len(values[path.name].encode()) <= MOST_BYTES:
            raise InvalidInput(f"{path} must hold 1 to {MOST_BYTES:,} bytes. Shorten it, or remove it.")
    return values
