"""What an operator asks of a deployment, checked before Amazon is asked for anything."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from aiplayer.errors import InvalidInput
from aiplayer.repository_settings import S3
from infra.ec2.machine_types import CPU_TYPES, GPU_TYPES
from infra.ec2.parameters import Release, checked_release, read_secrets

# Names of balancers have at most 32 characters, of which the parts take 18.
NAME = re.compile(r"[a-z]([a-z0-9-]{0,12}[a-z0-9])?")
CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+")
TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")


@dataclass(frozen=True)
class Options:
    """What a deployment is to be.

    Attributes:
        release: What it serves; None for what it serves already.
        repository: Where its machines pull sets from: `s3://bucket/prefix`; empty for nowhere.
        secrets: By their names; None for those that are there.
        types: Of which types its machine, or its painters, may be, the most wanted first.
        vpc: Where it lies; empty for the region's default VPC.
        ssh_cidr: Who may reach its machines by SSH; empty for nobody.
        is_group: Whether it is a group behind a balancer; else one machine.
        certificate: The ARN of the certificate of the group's balancer.
        machines: How many gateways the group has.
        most_painters: How many painters come at most; 0 for none.
    """

    release: Release | None = None
    repository: str = ""
    secrets: dict[str, str] | None = None
    types: tuple[str, ...] = GPU_TYPES
    vpc: str = ""
    ssh_cidr: str = ""
    is_group: bool = False
    certificate: str = ""
    machines: int = 2
    most_painters: int = 0


def checked_name(name: str) -> str:
    """The name of a deployment as it was given.

    Raises:
        InvalidInput: deployments cannot be called so.
    """
    if not NAME.fullmatch(name):
        raise InvalidInput("--name may have up to 14 small letters, digits and dashes, a letter first.", field="name")
    return name


def checked_options(
    *,
    image: str,
    set_name: str,
    repository: str,
    secrets: Path | None,
    types: list[str],
    is_cpu: bool,
    vpc: str,
    ssh_cidr: str,
    is_group: bool,
    certificate: str,
    machines: int,
    most_painters: int,
) -> Options:
    """The options of a command line.

    Raises:
        InvalidInput: some cannot be used, or not together.
    """
    if set_name and not image:
        raise InvalidInput("--set needs --image. To bring another set alone: `deploy --set NAME`.", field="set")
    if repository and not S3.fullmatch(repository):
        raise InvalidInput("--repository is no bucket. Name one: s3://bucket/prefix", field="repository")
    if set_name and not repository:
        raise InvalidInput("--set is pulled by the machines. Say where from: --repository s3://bucket/prefix")
    if unusable := [name for name in types if not TYPE.fullmatch(name)]:
        raise InvalidInput(f"--type {unusable[0]} is no type of machine. Name one such as g6.2xlarge.", field="type")
    if types and is_cpu:
        raise InvalidInput("--type and --cpu say different things. Give one of them.", field="type")
    if ssh_cidr:
        _check_network(ssh_cidr)
    if is_group:
        _check_group(certificate, machines, most_painters)
    elif certificate or most_painters:
        raise InvalidInput("--certificate and --painters are of a group. Give --group too.", field="group")

    chosen = tuple(types) or (CPU_TYPES if is_cpu else GPU_TYPES)
    return Options(
        checked_release(image, set_name) if image else None,
        repository,
        read_secrets(secrets) if secrets else None,
        chosen,
        vpc,
        ssh_cidr,
        is_group,
        certificate,
        machines,
        most_painters,
    )


def _check_network(cidr: str) -> None:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        raise InvalidInput("--ssh-cidr is no network. Give yours, such as 203.0.113.7/32.", field="ssh_cidr") from None
    if network.prefixlen == 0:
        raise InvalidInput("--ssh-cidr would let everybody in. Give your own, such as 203.0.113.7/32.")


def _check_group(certificate: str, machines: int, most_painters: int) -> None:
    if not CERTIFICATE.fullmatch(certificate):
        raise InvalidInput(
            "A group needs --certificate ARN, of a certificate of ACM in its region. "
            "Ask for one: aws acm request-certificate --domain-name NAME --validation-method DNS",
            field="certificate",
        )
    if not 1 <= machines <= 50:
        raise InvalidInput(f"--machines {machines} is not possible. Give 1 to 50.", field="machines")
    if not 0 <= most_painters <= 20:
        raise InvalidInput(f"--painters {most_painters} is not possible. Give 0 to 20.", field="painters")
