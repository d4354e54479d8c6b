"""Groups of equal machines, which are made anew when they end, and what each is made by."""

import hashlib
import json
from typing import Any, NamedTuple

from infra.aws import SEEN_AFTER_S, once_settled, unless_missing, wait_until
from infra.ec2.balancers import TargetGroup, one_a_zone
from infra.ec2.hardware import Computer, Hardware
from infra.ec2.resource import Cost, Found, Resource, Tell, tags_of
from infra.ec2.user_data import encoded

# A machine installs Docker, pulls the image and the models, and loads them.
GRACE_S = 1_200
LONGEST_REMOVAL_S = 1_200


class LaunchTemplate(Computer):
    """What the machines of a group are."""

    kind = "launch template"

    def look_up(self) -> Found | None:
        """The template of this name; its newest version is described by the digest of what it was made from."""
        ec2 = self.site.aws.client("ec2")
        missing = ("InvalidLaunchTemplateName.NotFoundException", "InvalidLaunchTemplateId.NotFound")
        answer = unless_missing(ec2.describe_launch_templates, *missing, LaunchTemplateNames=[self.name])
        if answer is None or not answer["LaunchTemplates"]:
            return None
        template = answer["LaunchTemplates"][0]
        newest = ec2.describe_launch_template_versions(
            LaunchTemplateId=template["LaunchTemplateId"], Versions=[str(template["LatestVersionNumber"])]
        )
        digest = newest["LaunchTemplateVersions"][0].get("VersionDescription", "")
        state = f"version {template['LatestVersionNumber']}"
        return Found(template["LaunchTemplateId"], state, tags_of(template.get("Tags", [])), {"digest": digest})

    def make(self, tell: Tell) -> None:
        """Make its first version."""
        data = self._data()
        self.site.aws.client("ec2").create_launch_template(
            LaunchTemplateName=self.name,
            LaunchTemplateData=data,
            VersionDescription=_digest(data),
            TagSpecifications=[{"ResourceType": "launch-template", "Tags": self.site.listed_tags(self.part)}],
        )

    def differences(self, found: Found) -> list[str]:
        """Whether machines that come would be others."""
        return [] if found.details["digest"] == _digest(self._data()) else ["machines that come; `deploy` renews all"]

    def change(self, found: Found) -> None:
        """Make another version, of which the next machines are."""
        data = self._data()
        self.site.aws.client("ec2").create_launch_template_version(
            LaunchTemplateId=found.id, LaunchTemplateData=data, VersionDescription=_digest(data)
        )

    def remove(self, found: Found) -> None:
        """Remove it with its versions."""
        self.site.aws.client("ec2").delete_launch_template(LaunchTemplateId=found.id)

    def _data(self) -> dict[str, Any]:
        assert self._hardware is not None
        group = self._group.find()
        return {
            "ImageId": self._hardware.system.image,
            "InstanceType": self._hardware.offers[0].name,
            "SecurityGroupIds": [group.id if group else self._group.name],
            "IamInstanceProfile": {"Name": self._profile.name},
            "BlockDeviceMappings": self._hardware.disks,
            "MetadataOptions": self._hardware.metadata,
            "UserData": encoded(self._user_data),
            "TagSpecifications": [
                {"ResourceType": kind, "Tags": self.site.listed_tags(self.part)} for kind in ("instance", "volume")
            ],
        }


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


class Bounds(NamedTuple):
    """How many machines a group has."""

    fewest: int
    most: int


class ScalingGroup(Resource):
    """Machines of one kind, in all zones.

    Args:
        template: What they are.
        hardware: The types that they may be of, and where they lie; None for whatever they are.
        targets: Which balancer asks them.
        bounds: How many there are.
    """

    kind = "group"

    def __init__(
        self, template: LaunchTemplate, hardware: Hardware | None, targets: TargetGroup, bounds: Bounds
    ) -> None:
        super().__init__(template.site, template.part)
        self._template = template
        self._hardware = hardware
        self._targets = targets
        self._bounds = bounds

    def look_up(self) -> Found | None:
        """The group of this name."""
        listed = self._scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"]
        if not listed:
            return None
        group = listed[0]
        healthy = sum(machine["LifecycleState"] == "InService" for machine in group["Instances"])
        state = group.get("Status") or f"{healthy} of {group['DesiredCapacity']} machines"
        return Found(self.name, state, tags_of(group["Tags"]), group)

    def make(self, tell: Tell) -> None:
        """Make it; its machines come by and by, each of the first type that is to be had."""
        assert self._hardware is not None
        tags = [
            {"ResourceId": self.name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False, **tag}
            for tag in self.site.listed_tags(self.part)
        ]
        # A profile that was just made is not one for some seconds.
        once_settled(
            self._scaling.create_auto_scaling_group,
            "ValidationError",
            longest_s=SEEN_AFTER_S,
            AutoScalingGroupName=self.name,
            MixedInstancesPolicy=self._types(),
            MinSize=self._bounds.fewest,
            MaxSize=self._bounds.most,
            DesiredCapacity=self._bounds.fewest,
            VPCZoneIdentifier=",".join(one_a_zone(self._hardware.network)),
            TargetGroupARNs=[self._targets.id],
            HealthCheckType="ELB",
            HealthCheckGracePeriod=GRACE_S,
            Tags=tags,
        )

    def differences(self, found: Found) -> list[str]:
        """Whether its bounds or its types are others."""
        present = Bounds(found.details["MinSize"], found.details["MaxSize"])
        words = [] if present == self._bounds else [f"{_words(present)} become {_words(self._bounds)}"]
        policy = found.details.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
        types = [each["InstanceType"] for each in policy.get("Overrides", [])]
        return words + ([] if types == self._type_names() else ["its types"])

    def change(self, found: Found) -> None:
        """Give it its bounds and types; machines that are too many end."""
        self._scaling.update_auto_scaling_group(
            AutoScalingGroupName=self.name,
            MixedInstancesPolicy=self._types(),
            MinSize=self._bounds.fewest,
            MaxSize=self._bounds.most,
        )

    def remove(self, found: Found) -> None:
        """End all its machines, and remove it."""
        self._scaling.delete_auto_scaling_group(AutoScalingGroupName=self.name, ForceDelete=True)
        wait_until(lambda: self.find_ours() is None, f"Ending the machines of {self.name}", LONGEST_REMOVAL_S)

    def costs(self, found: Found | None) -> list[Cost]:
        """Its machines with their disks and addresses, as few as there may be."""
        fewest, most = self._bounds
        note = f"up to {most} of them while they have work" if most > fewest else ""
        price = self._type_names()[0] if self._hardware else ""
        costs = [Cost(f"{self.part} machines", price, fewest, note)]
        if fewest and self._hardware:
            disks_gb = fewest * self._hardware.system.disk_gb
            costs += [Cost("their disks", "gp3", disks_gb), Cost("their addresses", "ipv4", fewest)]
        return costs

    def _types(self) -> dict[str, Any]:
        template = {"LaunchTemplateId": self._template.id, "Version": "$Latest"}
        overrides = [{"InstanceType": name} for name in self._type_names()]
        return {
            "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": overrides},
            "InstancesDistribution": {
                "OnDemandAllocationStrategy": "prioritized",
                "OnDemandPercentageAboveBaseCapacity": 100,
            },
        }

    def _type_names(self) -> list[str]:
        assert self._hardware is not None
        return [offer.name for offer in self._hardware.offers]

    @property
    def _scaling(self) -> Any:
        return self.site.aws.client("autoscaling")


def _words(bounds: Bounds) -> str:
    return f"{bounds.fewest} to {bounds.most} machines"
