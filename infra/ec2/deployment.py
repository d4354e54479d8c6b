"""Walks the resources of a deployment: what would change, doing it, how it is, and removing it.

That a second run changes nothing, and that one that was killed goes on, is true of the walk, so of every resource.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from aiplayer.errors import InvalidInput, Unavailable
from infra.aws import SEEN_AFTER_S, wait_until
from infra.ec2.resource import Found, Resource, Tell

Action = Literal["make", "keep", "change", "remove"]


@dataclass(frozen=True)
class Step:
    """What is to be done with a resource.

    Attributes:
        action: What.
        resource: With which.
        found: As it is; None where there is none.
        words: What differs.
    """

    action: Action
    resource: Resource
    found: Found | None
    words: str = ""


class Deployment:
    """The resources of a deployment in the order in which they need each other.

    Args:
        resources: Those of every shape that it may have; each needs some of those before it alone.
        wanted: Those that it is made of. The others go where they are found.
    """

    def __init__(self, resources: list[Resource], wanted: Collection[Resource]) -> None:
        self._resources = resources
        self.wanted = [resource for resource in resources if resource in wanted]
        self._unwanted = [resource for resource in resources if resource not in wanted]

    def plan(self) -> list[Step]:
        """What `up` would do, in its order.

        Raises:
            InvalidInput: something that is somebody else's has the name of a part.
        """
        steps = [_step(resource, resource.find()) for resource in self.wanted]
        gone = [(resource, resource.find_ours()) for resource in reversed(self._unwanted)]
        return steps + [Step("remove", resource, found) for resource, found in gone if found]

    def up(self, tell: Tell, may_remove: bool) -> int:
        """Make and change what has to be.

        Args:
            tell: Is told of each step.
            may_remove: Whether what is not wanted any more is removed.

        Returns:
            How many resources were made, changed or removed.

        Raises:
            InvalidInput: something would have to be removed and may not.
        """
        planned = self.plan()
        removals = [step for step in planned if step.action == "remove"]
        if removals and not may_remove:
            names = ", ".join(f"{step.resource.kind} {step.resource.name}" for step in removals)
            raise InvalidInput(f"This would remove {names}. Give the options that it was made with, or --remove.")

        done = sum(_brought_about(resource, tell) for resource in self.wanted)
        for step in removals:
            _remove(step.resource, tell)
        return done + len(removals)

    def found(self) -> list[tuple[Resource, Found]]:
        """What there is of any shape of the deployment, in the order in which it was made."""
        looked_up = [(resource, resource.find_ours()) for resource in self._resources]
        return [(resource, found) for resource, found in looked_up if found]

    def down(self, tell: Tell) -> int:
        """Remove all that carries the deployment's tag.

        Returns:
            How many resources were removed.

        Raises:
            Unavailable: something is left.
        """
        removed = sum(_remove(resource, tell) for resource in reversed(self._resources))
        if left := self.found():
            names = ", ".join(f"{resource.kind} {resource.name}" for resource, _ in left)
            raise Unavailable(f"Still there: {names}. Run the same command again.")
        return removed


def _step(resource: Resource, found: Found | None) -> Step:
    if found is None:
        return Step("make", resource, None)
    words = "; ".join(resource.differences(found))
    return Step("change" if words else "keep", resource, found, words)


def _brought_about(resource: Resource, tell: Tell) -> bool:
    """Whether something had to be done so that a resource is as it should be."""
    found = resource.find()
    is_made = found is None
    if found is None:
        resource.make(tell)
        found = _seen(resource)

    words = resource.differences(found)
    if words:
        resource.change(found)
    if is_made:
        tell(f"made {resource.kind} {resource.name}")
    elif words:
        tell(f"changed {resource.kind} {resource.name}: {'; '.join(words)}")
    return is_made or bool(words)


def _seen(resource: Resource) -> Found:
    """A resource that was just made."""
    wait_until(lambda: resource.find() is not None, f"Seeing the {resource.kind} {resource.name}", SEEN_AFTER_S)
    found = resource.find()
    assert found is not None
    return found


def _remove(resource: Resource, tell: Tell) -> bool:
    """Whether there was something to remove."""
    found = resource.find_ours()
    if found is None:
        return False
    resource.remove(found)
    tell(f"removed {resource.kind} {resource.name}")
    return True
