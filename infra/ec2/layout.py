"""Which resources a deployment is made of, in the order in which they need each other."""

from dataclasses import replace
from typing import NamedTuple

from aiplayer.errors import InvalidInput
from infra.ec2.access import InstanceProfile, Role
from infra.ec2.addresses import Address
from infra.ec2.balancers import Balancer, TargetGroup
from infra.ec2.deployment import Deployment
from infra.ec2.environment import Environment
from infra.ec2.groups import Bounds, LaunchTemplate, ScalingGroup
from infra.ec2.hardware import Hardware
from infra.ec2.listeners import Listener, check_certificate
from infra.ec2.machine_types import CPU_TYPES, check_quota, has_card, offers_of, system_for
from infra.ec2.machines import Machine
from infra.ec2.network import ANYWHERE, Network, Opening, SecurityGroup, find_network
from infra.ec2.options import Options
from infra.ec2.parameters import ReleaseParameter, Secrets
from infra.ec2.resource import DEPLOYMENT_TAG, Resource, Site
from infra.ec2.scaling import Alarm, painters_idle, painters_needed
from infra.ec2.user_data import Duty, user_data
from infra.server import SERVICES

GATEWAY, PAINTER = SERVICES
GATEWAY_PORT, PAINTER_PORT = 3000, 3001
WEB = (Opening(80, ANYWHERE), Opening(443, ANYWHERE))
# What a group cannot be without: its machines share it.
SHARED_SECRET = "aiplayer_database_url"


class Layout(NamedTuple):
    """A deployment, and those of its parts that serve.

    Attributes:
        deployment: All of it.
        release: What it serves.
        machine: The machine of one that is no group.
        groups: The gateways and the painters of a group.
    """

    deployment: Deployment
    release: ReleaseParameter
    machine: Machine
    groups: list[ScalingGroup]


def lay_out(site: Site, options: Options | None = None) -> Layout:
    """The parts of a deployment.

    Args:
        site: Where it lies.
        options: What it is to be; None where it is only looked at, or removed.

    Raises:
        InvalidInput: it cannot be so in this account.
    """
    chosen = options or Options()
    network = find_network(site.aws, chosen.vpc) if options else None
    own = _hardware(site, network, chosen, chosen.types)
    plain = _hardware(site, network, chosen, CPU_TYPES) if chosen.is_group else own
    _check(site, chosen, own)

    role = Role(site, "machines", chosen.repository, chosen.most_painters > 0)
    ground = _Ground(site, chosen, network, InstanceProfile(role))
    release, secrets = ReleaseParameter(site, chosen.release), Secrets(site, chosen.secrets)
    machine, alone = _alone(ground, own)
    front, behind, gateways, answering = _answering(ground, plain)
    paint_balancer, painters, painted = _painting(ground, own, behind)
    is_painting = chosen.most_painters > 0
    environment = Environment(site, chosen, network, paint_balancer if is_painting else None)

    is_secret = chosen.secrets is not None or secrets.find_ours() is not None
    shared: list[Resource] = [role, ground.profile, release, *([secrets] if is_secret else [])]
    group = [front, behind, *(painted if is_painting else []), environment, *answering]
    wanted = [*shared, *(group if chosen.is_group else [environment, *alone])]
    everything = [role, ground.profile, release, secrets, front, behind, *painted, environment, *alone, *answering]
    return Layout(Deployment(everything, wanted), release, machine, [gateways, painters])


class _Ground(NamedTuple):
    """What all parts stand on."""

    site: Site
    options: Options
    network: Network | None
    profile: InstanceProfile

    def group(self, part: str, *openings: Opening) -> SecurityGroup:
        """A security group."""
        return SecurityGroup(self.site, part, self.network, list(openings))

    @property
    def ssh(self) -> list[Opening]:
        """What is open to whoever may come by SSH."""
        return [Opening(22, self.options.ssh_cidr)] if self.options.ssh_cidr else []

    def duty(self, service: str, port: int, hardware: Hardware | None) -> Duty:
        """What a machine is there for."""
        return Duty(self.site.name, self.site.aws.region, service, port, _cards(hardware))


def _alone(ground: _Ground, hardware: Hardware | None) -> tuple[Machine, list[Resource]]:
    """The one machine, and all that it is made of."""
    group = ground.group("machine", *WEB, *ground.ssh)
    duty = replace(ground.duty(GATEWAY, GATEWAY_PORT, hardware), is_alone=True)
    machine = Machine(ground.site, "machine", hardware, group, ground.profile, user_data(duty))
    return machine, [group, machine, Address(ground.site, "address", machine)]


def _answering(
    ground: _Ground, hardware: Hardware | None
) -> tuple[SecurityGroup, SecurityGroup, ScalingGroup, list[Resource]]:
    """Who may reach the balancer and the gateways, these, and all that they are made of but for the former."""
    site, options = ground.site, ground.options
    front = ground.group("balancer", *WEB)
    behind = ground.group("gateway", Opening(GATEWAY_PORT, front), *ground.ssh)
    balancer = Balancer(site, "balancer", ground.network, front)
    targets = TargetGroup(site, "gateway", ground.network, GATEWAY_PORT)
    https = Listener(balancer, "https", 443, targets, options.certificate)

    duty = replace(ground.duty(GATEWAY, GATEWAY_PORT, hardware), is_measuring=options.most_painters > 0)
    template = LaunchTemplate(site, "gateway", hardware, behind, ground.profile, user_data(duty))
    gateways = ScalingGroup(template, hardware, targets, Bounds(options.machines, options.machines))
    parts = [balancer, targets, https, Listener(balancer, "http", 80, None), template, gateways]
    return front, behind, gateways, parts


def _painting(
    ground: _Ground, hardware: Hardware | None, gateways: SecurityGroup
) -> tuple[Balancer, ScalingGroup, list[Resource]]:
    """The painters' balancer, which the gateways alone reach, the painters, and all that they are made of."""
    site, most = ground.site, ground.options.most_painters
    inner = ground.group("paint", Opening(80, gateways))
    group = ground.group("painters", Opening(PAINTER_PORT, inner), *ground.ssh)
    balancer = Balancer(site, "paint", ground.network, inner, is_internal=True)
    targets = TargetGroup(site, "painters", ground.network, PAINTER_PORT)

    duty = ground.duty(PAINTER, PAINTER_PORT, hardware)
    template = LaunchTemplate(site, "painters", hardware, group, ground.profile, user_data(duty))
    painters = ScalingGroup(template, hardware, targets, Bounds(0, most))
    alarms = [Alarm(painters, rule) for rule in (painters_needed(most), painters_idle())]
    listener = Listener(balancer, "paint-http", 80, targets)
    return balancer, painters, [inner, group, balancer, targets, listener, template, painters, *alarms]


def _hardware(site: Site, network: Network | None, options: Options, types: tuple[str, ...]) -> Hardware | None:
    if network is None:
        return None
    offers = offers_of(site.aws, types)
    # Containers pull the set of models, and those of gateways tell how many picture jobs wait.
    is_role_for_containers = bool(options.repository) or options.most_painters > 0
    return Hardware(network, offers, system_for(site.aws, offers[0].name), is_role_for_containers)


def _cards(hardware: Hardware | None) -> bool:
    return hardware is not None and has_card(hardware.offers[0].name)


def _check(site: Site, options: Options, hardware: Hardware | None) -> None:
    """Refuse what would fail half-way.

    Raises:
        InvalidInput: the account may not have so many GPUs, or the machines of a group would share no database.
    """
    if hardware is None:
        return
    filters = [{"Name": f"tag:{DEPLOYMENT_TAG}", "Values": [site.name]}]
    reservations = site.aws.pages("ec2", "describe_instances", "Reservations", Filters=filters)
    own = {machine["InstanceId"] for reservation in reservations for machine in reservation["Instances"]}
    check_quota(site.aws, hardware.offers, options.most_painters if options.is_group else 1, own)

    kept = Secrets(site).find_ours()
    secrets = {*(options.secrets or {}), *(kept.details if kept else {})}
    if options.is_group:
        check_certificate(site.aws, options.certificate)
    if options.is_group and SHARED_SECRET not in secrets:
        raise InvalidInput(
            f"The machines of a group share a MySQL database. Put its URL into a file {SHARED_SECRET} of a folder, and "
            "give that: --secrets FOLDER",
            field="secrets",
        )
