"""The hosted zone in which a record lies."""

from typing import NamedTuple

from aiplayer.errors import InvalidInput, NotFound
from infra.aws import Aws, unless_missing

MISSING = ("NoSuchHostedZone", "InvalidInput")


class Zone(NamedTuple):
    """A public zone of this account.

    Attributes:
        id: Its id, without a path.
        name: Its name, without the dot at the end.
    """

    id: str
    name: str


def find_zone(aws: Aws, zone_id: str, record: str) -> Zone:
    """The zone of a record.

    Args:
        aws: The account.
        zone_id: The id of the zone.
        record: The name of the record.

    Raises:
        NotFound: the account has no such zone.
        InvalidInput: it is private, or the record does not lie in it.
    """
    zone_id = zone_id.removeprefix("/hostedzone/")
    answer = unless_missing(aws.client("route53").get_hosted_zone, *MISSING, Id=zone_id)
    if answer is None:
        raise NotFound(f"This account has no zone {zone_id}. List them: aws route53 list-hosted-zones", field="zone")

    zone = Zone(zone_id, answer["HostedZone"]["Name"].rstrip("."))
    if answer["HostedZone"].get("Config", {}).get("PrivateZone"):
        raise InvalidInput(
            f"The zone {zone.name} is private: nobody outside asks it. Name the public one.", field="zone"
        )
    if record != zone.name and not record.endswith(f".{zone.name}"):
        raise InvalidInput(
            f"{record} does not lie in the zone {zone.name}. Name a record such as play.{zone.name}.", field="record"
        )
    return zone
