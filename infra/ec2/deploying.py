"""Brings another image, or another set of models, to machines that serve; what does not come ready is taken back."""

import shlex
import time
from typing import Any

from botocore.exceptions import ClientError

from aiplayer.errors import NotFound, Unavailable
from infra.aws import LOOK_EVERY_S, Aws, code_of
from infra.ec2.groups import GRACE_S, ScalingGroup
from infra.ec2.layout import Layout
from infra.ec2.parameters import Release
from infra.ec2.resource import Tell
from infra.ec2.user_data import PROGRAMS

# Pulling an image and a set, loading the models, and the same for the one before.
LONGEST_S = 3_600
RUNNING = {"Pending", "InProgress", "Delayed"}
REFRESHING = {"Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking"}


def deploy(layout: Layout, image: str, set_name: str | None, tell: Tell) -> None:
    """Have a deployment serve another release.

    Args:
        layout: The deployment.
        image: The image; empty for the one that is served.
        set_name: The set of models; None for the one that is served.
        tell: Is told of each step.

    Raises:
        NotFound: there is no such deployment.
        Unavailable: it does not come ready; the release before is served again.
    """
    found = layout.release.find()
    if found is None:
        raise NotFound(f"There is no deployment {layout.release.site.name}. Make it: `up --name NAME --image URI`.")
    served = layout.release.read(found)
    release = Release(image or served.image, served.set_name if set_name is None else set_name)

    groups = [group for group in layout.groups if group.find()]
    machine = layout.machine.find()
    if machine is not None:
        _on_machine(layout.release.site.aws, machine.id, release, served)
        layout.release.write(release.text)
    elif groups:
        layout.release.write(release.text)
        _on_groups(layout, groups, served, tell)
    else:
        raise NotFound(f"{layout.release.site.name} has no machine. Run `up` again; it goes on where it was.")
    tell(f"{release.image} serves, with the set {release.set_name or 'packed in it'}")


def _on_machine(aws: Aws, machine: str, release: Release, served: Release) -> None:
    """Have the machine try a release; it goes back by itself, even where nobody waits for it."""
    ssm = aws.client("ssm")
    command = shlex.join([f"{PROGRAMS}/release.sh", release.image, release.set_name])
    sent = ssm.send_command(
        InstanceIds=[machine],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": [command], "executionTimeout": [str(LONGEST_S)]},
    )["Command"]["CommandId"]

    status = "Pending"
    deadline = time.monotonic() + LONGEST_S
    while status in RUNNING and time.monotonic() < deadline:
        try:
            status = ssm.get_command_invocation(CommandId=sent, InstanceId=machine)["Status"]
        except ClientError as error:
            # A command is seen some seconds after it was sent.
            if code_of(error) != "InvocationDoesNotExist":
                raise
        if status in RUNNING:
            time.sleep(LOOK_EVERY_S)
    if status != "Success":
        raise _taken_back(release, served, f"the machine says {status}")


def _on_groups(layout: Layout, groups: list[ScalingGroup], served: Release, tell: Tell) -> None:
    """Make the machines of each group anew, one after the other; where they do not come ready, once more as before."""
    scaling = layout.release.site.aws.client("autoscaling")
    for group in groups:
        tell(f"making the machines of {group.name} anew")
        status = _refreshed(scaling, group.name)
        if status != "Successful":
            layout.release.write(served.text)
            for changed in groups[: groups.index(group) + 1]:
                _refreshed(scaling, changed.name)
            raise _taken_back(None, served, f"{group.name} says {status}")


def _refreshed(scaling: Any, group: str) -> str:
    """How it ends that all machines of a group are made anew; one that is under way is waited for first."""
    _await_refresh(scaling, group)
    # Another machine is ready before one ends.
    preferences = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200, "InstanceWarmup": GRACE_S // 4}
    scaling.start_instance_refresh(AutoScalingGroupName=group, Preferences=preferences)
    return _await_refresh(scaling, group)


def _await_refresh(scaling: Any, group: str) -> str:
    deadline = time.monotonic() + LONGEST_S
    while True:
        listed = scaling.describe_instance_refreshes(AutoScalingGroupName=group, MaxRecords=1)["InstanceRefreshes"]
        status: str = listed[0]["Status"] if listed else ""
        if status not in REFRESHING or time.monotonic() > deadline:
            return status
        time.sleep(LOOK_EVERY_S)


def _taken_back(release: Release | None, served: Release, reason: str) -> Unavailable:
    what = release.image if release else "The new release"
    return Unavailable(
        f"{what} does not come ready: {reason}. {served.image} serves again, with the set "
        f"{served.set_name or 'packed in it'}. Look at the log of the machine: journalctl -u aiplayer",
        code="taken_back",
    )
