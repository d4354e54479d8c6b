"""Which types of machines can be had, whether the account may have them, and the system that starts on them."""

from collections.abc import Collection
from typing import NamedTuple

from aiplayer.errors import InvalidInput, Unavailable
from infra.aws import Aws, unless_missing

# In the order in which they are tried: each has one NVIDIA card with 16 to 24 GB, or two cores and 8 GB without one.
GPU_TYPES = ("g6.xlarge", "g5.xlarge", "g4dn.xlarge")
CPU_TYPES = ("m7i.large", "m6i.large", "m5.large")
# "Running On-Demand G and VT instances", in vCPUs.
QUOTA = "L-DB2E81BA"
COUNTED = ("g", "vt")
PLAIN_SYSTEM = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
# With NVIDIA's driver, Docker and the toolkit that shows cards to containers.
GPU_SYSTEM = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"


# For the system, two images of 8 GB while one takes the place of the other, and models.
DISK_GB = 80


class System(NamedTuple):
    """What starts on a machine.

    Attributes:
        image: The AMI's id.
        device: What it calls its disk.
        disk_gb: How large that has to be.
    """

    image: str
    device: str
    disk_gb: int


class Offer(NamedTuple):
    """A type of machine that the region has.

    Attributes:
        name: The type.
        vcpus: Its virtual processors.
        zones: Where it is offered.
    """

    name: str
    vcpus: int
    zones: frozenset[str]


def has_card(type_name: str) -> bool:
    """Whether machines of a type have a GPU of NVIDIA's."""
    return type_name.startswith(("g", "p"))


def offers_of(aws: Aws, types: tuple[str, ...]) -> list[Offer]:
    """Those of some types that the region offers, in their order.

    Raises:
        InvalidInput: it offers none of them.
    """
    filters = [{"Name": "instance-type", "Values": list(types)}]
    listed = aws.pages(
        "ec2",
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=filters,
    )
    zones: dict[str, set[str]] = {}
    for entry in listed:
        zones.setdefault(entry["InstanceType"], set()).add(entry["Location"])
    if not zones:
        raise InvalidInput(
            f"{aws.region} offers none of {', '.join(types)}. Name others by --type, another --region, or use --cpu.",
            field="type",
        )

    vcpus = _vcpus(aws, zones)
    return [Offer(name, vcpus[name], frozenset(zones[name])) for name in types if name in zones]


def system_for(aws: Aws, type_name: str) -> System:
    """What starts on machines of a type: the newest of Amazon's, with a driver where there is a card.

    Raises:
        Unavailable: the region names none.
    """
    ssm = aws.client("ssm")
    if has_card(type_name) and (answer := unless_missing(ssm.get_parameter, "ParameterNotFound", Name=GPU_SYSTEM)):
        return _described(aws, answer["Parameter"]["Value"])
    answer = unless_missing(ssm.get_parameter, "ParameterNotFound", Name=PLAIN_SYSTEM)
    if answer is None:
        raise Unavailable(f"{aws.region} does not name its Amazon Linux 2023 ({PLAIN_SYSTEM}). Try another --region.")
    return _described(aws, answer["Parameter"]["Value"])


def _described(aws: Aws, image: str) -> System:
    """A system with its disk, which holds what it brings and DISK_GB at least."""
    named = [{"Name": "image-id", "Values": [image]}]
    for described in aws.pages("ec2", "describe_images", "Images", Filters=named):
        root = described["RootDeviceName"]
        sizes = [each["Ebs"]["VolumeSize"] for each in described["BlockDeviceMappings"] if each["DeviceName"] == root]
        return System(image, root, max(DISK_GB, *sizes))
    return System(image, "/dev/xvda", DISK_GB)


def check_quota(aws: Aws, offers: list[Offer], machines: int, own: set[str]) -> None:
    """Refuse more machines with GPUs than the account may have.

    Args:
        aws: The account.
        offers: The types that they may be of.
        machines: How many there will be at most.
        own: The ids of those that the deployment has already.

    Raises:
        InvalidInput: the quota is too small; the message says what is needed.
    """
    vcpus = [offer.vcpus for offer in offers if offer.name.startswith(COUNTED)]
    if not vcpus or not machines:
        return

    needed, used = machines * min(vcpus), _used(aws, own)
    quota = aws.client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode=QUOTA)["Quota"]["Value"]
    if quota - used < needed:
        raise InvalidInput(
            f"{machines} machines with GPUs need {needed} vCPUs, and the account has {quota:g} in {aws.region}, "
            f"{used} of them in use. Ask for more: aws service-quotas request-service-quota-increase "
            f"--service-code ec2 --quota-code {QUOTA} --desired-value {needed + used} --region {aws.region}; "
            "or use --cpu.",
            code="quota_too_small",
        )


def _used(aws: Aws, own: set[str]) -> int:
    """The vCPUs of the machines with GPUs that are not the deployment's own."""
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    reservations = aws.pages("ec2", "describe_instances", "Reservations", Filters=running)
    machines = [machine for reservation in reservations for machine in reservation["Instances"]]
    others = [each for each in machines if each["InstanceType"].startswith(COUNTED) and each["InstanceId"] not in own]
    types = [each["InstanceType"] for each in others]
    vcpus = _vcpus(aws, set(types))
    return sum(vcpus[name] for name in types)


def _vcpus(aws: Aws, types: Collection[str]) -> dict[str, int]:
    """The virtual processors of each type."""
    if not types:
        return {}
    described = aws.pages("ec2", "describe_instance_types", "InstanceTypes", InstanceTypes=sorted(types))
    return {entry["InstanceType"]: entry["VCpuInfo"]["DefaultVCpus"] for entry in described}
