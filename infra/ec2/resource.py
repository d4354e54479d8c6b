"""What a deployment is made of: a resource can be found, made, changed and removed, and says what it costs.

Each is found by its name or its tag, so nothing about it is kept anywhere else, and whatever was killed goes on.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiplayer.errors import InvalidInput, NotFound
from infra.aws import Aws

DEPLOYMENT_TAG = "aiplayer:deployment"
PART_TAG = "aiplayer:part"

Tell = Callable[[str], None]


class Cost(NamedTuple):
    """What is paid for a part.

    Attributes:
        part: What it is.
        price: Its row in `prices.csv`.
        quantity: How many of it, at any time.
        note: What a person has to know of it.
    """

    part: str
    price: str
    quantity: float
    note: str = ""


@dataclass(frozen=True)
class Found:
    """A resource as it is.

    Attributes:
        id: What Amazon calls it: an id, an ARN, or its name.
        state: How it is, in Amazon's word.
        tags: Its tags.
        details: What its class needs of Amazon's description.
    """

    id: str
    state: str
    tags: dict[str, str]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """Where a deployment lies, and how its parts are called.

    Attributes:
        aws: The account and the region.
        name: The deployment's name.
    """

    aws: Aws
    name: str

    def named(self, part: str = "") -> str:
        """The name of a part."""
        return f"aiplayer-{self.name}" + (f"-{part}" if part else "")

    def tags(self, part: str) -> dict[str, str]:
        """The tags of a part."""
        return {DEPLOYMENT_TAG: self.name, PART_TAG: part, "Name": self.named(part)}

    def listed_tags(self, part: str) -> list[dict[str, str]]:
        """The same, as Amazon lists tags."""
        return [{"Key": key, "Value": value} for key, value in self.tags(part).items()]


class Resource(ABC):
    """A part of a deployment.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
    """

    kind = ""

    def __init__(self, site: Site, part: str) -> None:
        self.site = site
        self.part = part
        self.name = site.named(part)

    @abstractmethod
    def look_up(self) -> Found | None:
        """Whatever has its name or its tag, as it is; None where nothing has."""

    @abstractmethod
    def make(self, tell: Tell) -> None:
        """Make it; what needs further calls is left to `change`, so that a kill between them does no harm."""

    @abstractmethod
    def remove(self, found: Found) -> None:
        """Remove it, and return when it is gone."""

    def differences(self, found: Found) -> list[str]:
        """What has to be changed, each in some words; none where it is as it should be."""
        return []

    def change(self, found: Found) -> None:
        """Make it as it should be; called where something differs."""
        raise NotImplementedError(self.kind)

    def costs(self, found: Found | None) -> list[Cost]:
        """What is paid for it."""
        return []

    def address(self, found: Found) -> str:
        """Where others reach it; empty where they do not."""
        return ""

    def find(self) -> Found | None:
        """The resource as it is; None where there is none.

        Raises:
            InvalidInput: something has its name that does not carry this deployment's tag.
        """
        found = self.look_up()
        if found is not None and not self.is_ours(found):
            raise InvalidInput(
                f"There is a {self.kind} {self.name} that does not carry the tag {DEPLOYMENT_TAG}={self.site.name}. "
                "Choose another --name, or remove it first."
            )
        return found

    def find_ours(self) -> Found | None:
        """The same, where what is somebody else's counts as nothing."""
        found = self.look_up()
        return found if found is not None and self.is_ours(found) else None

    def is_ours(self, found: Found) -> bool:
        """Whether it carries the deployment's tag."""
        return found.tags.get(DEPLOYMENT_TAG) == self.site.name

    @property
    def id(self) -> str:
        """What Amazon calls it.

        Raises:
            NotFound: there is none.
        """
        found = self.find()
        if found is None:
            raise NotFound(f"There is no {self.kind} {self.name} yet. Run `up` again; it goes on where it was.")
        return found.id


def tags_of(listed: list[dict[str, Any]]) -> dict[str, str]:
    """Tags as Amazon lists them, by their keys."""
    return {tag["Key"]: tag["Value"] for tag in listed}
