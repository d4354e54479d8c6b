"""Which resources a deployment is made of, in the order in which they need each other."""

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

GATEWAY_PORT, PAINTER_PORT = 3000, 3001
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

    is_painting = chosen.most_painters > 0
    role = Role(site, "machines", chosen.repository, is_painting)
    profile = InstanceProfile(role)
    release, secrets = ReleaseParameter(site, chosen.release), Secrets(site, chosen.secrets)
    ssh = [Opening(22, chosen.ssh_cidr)] if chosen.ssh_cidr else []

    # The one machine.
    group = SecurityGroup(site, "machine", network, [Opening(80, ANYWHERE), Opening(443, ANYWHERE), *ssh])
    duty = Duty(site.name, site.aws.region, port=GATEWAY_PORT, has_card=_cards(own), is_alone=True)
    machine = Machine(site, "machine", own, group, profile, user_data(duty))
    alone: list[Resource] = [group, machine, Address(site, "address", machine)]

    # The gateways behind a balancer.
    front = SecurityGroup(site, "balancer", network, [Opening(80, ANYWHERE), Opening(443, ANYWHERE)])
    behind = SecurityGroup(site, "gateway", network, [Opening(GATEWAY_PORT, front), *ssh])
    balancer = Balancer(site, "balancer", network, front)
    targets = TargetGroup(site, "gateway", network, GATEWAY_PORT)
    https = Listener(balancer, "https", 443, targets, chosen.certificate)
    duty = Duty(site.name, site.aws.region, port=GATEWAY_PORT, is_measuring=is_painting)
    template = LaunchTemplate(site, "gateway", plain, behind, profile, user_data(duty))
    gateways = ScalingGroup(template, plain, targets, Bounds(chosen.machines, chosen.machines))
    answering: list[Resource] = [balancer, targets, https, Listener(balancer, "http", 80, None), template, gateways]

    # The painters behind one of their own, which the gateways alone reach.
    inner = SecurityGroup(site, "paint", network, [Opening(80, behind)])
    painting = SecurityGroup(site, "painters", network, [Opening(PAINTER_PORT, inner), *ssh])
    paint_balancer = Balancer(site, "paint", network, inner, is_internal=True)
    paint_targets = TargetGroup(site, "painters", network, PAINTER_PORT)
    duty = Duty(site.name, site.aws.region, "Painter", PAINTER_PORT, _cards(own))
    paint_template = LaunchTemplate(site, "painters", own, painting, profile, user_data(duty))
    painters = ScalingGroup(paint_template, own, paint_targets, Bounds(0, chosen.most_painters))
    alarms = [Alarm(painters, rule) for rule in (painters_needed(chosen.most_painters), painters_idle())]
    painted: list[Resource] = [inner, painting, paint_balancer, paint_targets]
    painted += [Listener(paint_balancer, "paint-http", 80, paint_targets), paint_template, painters, *alarms]

    environment = Environment(site, chosen, network, paint_balancer if is_painting else None)
    is_secret = chosen.secrets is not None or secrets.find_ours() is not None
    shared: list[Resource] = [role, profile, release, *([secrets] if is_secret else [])]
    groups = [front, behind, *(painted if is_painting else []), environment, *answering]
    wanted = [*shared, *(groups if chosen.is_group else [environment, *alone])]
    everything = [role, profile, release, secrets, front, behind, *painted, environment, *alone, *answering]
    return Layout(Deployment(everything, wanted), release, machine, [gateways, painters])


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
