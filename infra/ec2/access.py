"""What machines may do: read their settings, secrets and models, fetch their image, and answer Systems Manager."""

import json
from typing import Any

from aiplayer.repository_settings import S3
from infra.aws import SEEN_AFTER_S, once_settled, unless_missing
from infra.ec2.backlog import NAMESPACE
from infra.ec2.resource import Found, Resource, Site, Tell, tags_of

POLICY = "aiplayer"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
# AmazonSSMManagedInstanceCore would let a machine read every parameter of the account.
SYSTEMS_MANAGER = [
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "ssm:ListAssociations",
    "ssm:ListInstanceAssociations",
    "ssm:PutComplianceItems",
    "ssm:PutInventory",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
]


class Role(Resource):
    """The role of the machines.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        repository: Where the models are: `s3://bucket/prefix`, or empty.
        is_measured: Whether the machines tell CloudWatch how many picture jobs wait.
    """

    kind = "role"

    def __init__(self, site: Site, part: str, repository: str = "", is_measured: bool = False) -> None:
        super().__init__(site, part)
        self._repository = repository
        self._is_measured = is_measured

    def look_up(self) -> Found | None:
        """The role of this name."""
        iam = self.site.aws.client("iam")
        role = unless_missing(iam.get_role, "NoSuchEntity", RoleName=self.name)
        if role is None:
            return None
        policy = unless_missing(iam.get_role_policy, "NoSuchEntity", RoleName=self.name, PolicyName=POLICY)
        details = {"policy": policy["PolicyDocument"] if policy else None}
        return Found(role["Role"]["Arn"], "", tags_of(role["Role"].get("Tags", [])), details)

    def make(self, tell: Tell) -> None:
        """Make it, without a right yet."""
        self.site.aws.client("iam").create_role(
            RoleName=self.name, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=self.site.listed_tags(self.part)
        )

    def differences(self, found: Found) -> list[str]:
        """Whether its rights are others."""
        return [] if found.details["policy"] == self.policy() else ["its rights"]

    def change(self, found: Found) -> None:
        """Give it its rights and no others."""
        self.site.aws.client("iam").put_role_policy(
            RoleName=self.name, PolicyName=POLICY, PolicyDocument=json.dumps(self.policy())
        )

    def remove(self, found: Found) -> None:
        """Take its rights and remove it."""
        iam = self.site.aws.client("iam")
        for policy in self.site.aws.pages("iam", "list_role_policies", "PolicyNames", RoleName=self.name):
            iam.delete_role_policy(RoleName=self.name, PolicyName=policy)
        iam.delete_role(RoleName=self.name)

    def policy(self) -> dict[str, Any]:
        """What the machines may do."""
        aws = self.site.aws
        here = f"{aws.region}:{aws.account}"
        own_parameters = f"arn:{aws.partition}:ssm:{here}:parameter/aiplayer/{self.site.name}"
        statements = [
            _allowed(SYSTEMS_MANAGER, "*"),
            _allowed(["ssm:GetParameter", "ssm:GetParametersByPath"], own_parameters, f"{own_parameters}/*"),
            _allowed(["ecr:GetAuthorizationToken"], "*"),
            _allowed(
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                f"arn:{aws.partition}:ecr:{here}:repository/*",
            ),
        ]
        if place := S3.fullmatch(self._repository):
            bucket, prefix = f"arn:{aws.partition}:s3:::{place['bucket']}", (place["prefix"] or "").strip("/")
            below = f"{prefix}/*" if prefix else "*"
            statements.append(_allowed(["s3:GetObject"], f"{bucket}/{below}"))
            statements.append(_allowed(["s3:ListBucket"], bucket) | _where("StringLike", "s3:prefix", below))
        if self._is_measured:
            measure = _allowed(["cloudwatch:PutMetricData"], "*")
            statements.append(measure | _where("StringEquals", "cloudwatch:namespace", NAMESPACE))
        return {"Version": "2012-10-17", "Statement": statements}


def _allowed(actions: list[str], *resources: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def _where(operator: str, key: str, value: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


class InstanceProfile(Resource):
    """What gives the role to a machine.

    Args:
        role: The role.
    """

    kind = "instance profile"

    def __init__(self, role: Role) -> None:
        super().__init__(role.site, role.part)
        self._role = role

    def look_up(self) -> Found | None:
        """The profile of this name."""
        iam = self.site.aws.client("iam")
        answer = unless_missing(iam.get_instance_profile, "NoSuchEntity", InstanceProfileName=self.name)
        if answer is None:
            return None
        profile = answer["InstanceProfile"]
        roles = [role["RoleName"] for role in profile["Roles"]]
        return Found(profile["Arn"], "", tags_of(profile.get("Tags", [])), {"roles": roles})

    def make(self, tell: Tell) -> None:
        """Make it, without its role yet."""
        tags = self.site.listed_tags(self.part)
        self.site.aws.client("iam").create_instance_profile(InstanceProfileName=self.name, Tags=tags)

    def differences(self, found: Found) -> list[str]:
        """Whether its role lacks."""
        return [] if self._role.name in found.details["roles"] else ["its role"]

    def change(self, found: Found) -> None:
        """Put the role into it."""
        add = self.site.aws.client("iam").add_role_to_instance_profile
        names = {"InstanceProfileName": self.name, "RoleName": self._role.name}
        once_settled(add, "NoSuchEntity", longest_s=SEEN_AFTER_S, **names)

    def remove(self, found: Found) -> None:
        """Take its role out and remove it."""
        iam = self.site.aws.client("iam")
        for role in found.details["roles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=self.name, RoleName=role)
        iam.delete_instance_profile(InstanceProfileName=self.name)
