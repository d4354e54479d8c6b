"""The records of a name: one that is answered while its place is healthy, and one that stands by."""

from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from aiplayer.errors import InvalidInput
from infra.aws import Aws, code_of, wait_until
from infra.route53.health import own_checks
from infra.route53.targets import Target
from infra.route53.zones import Zone

PRIMARY, STANDBY = "PRIMARY", "SECONDARY"
# Route 53 says within a minute that all its servers know.
LONGEST_SYNC_S = 600


class Place(NamedTuple):
    """A place to which a name leads.

    Attributes:
        role: PRIMARY or STANDBY.
        target: Where it is.
        check: The id of its health check.
    """

    role: str
    target: Target
    check: str


def present_records(aws: Aws, zone: Zone, record: str) -> list[dict[str, Any]]:
    """The address records of a name, as they are."""
    pages = aws.client("route53").get_paginator("list_resource_record_sets")
    listed = pages.paginate(HostedZoneId=zone.id, PaginationConfig={"PageSize": 300})
    records = [each for page in listed for each in page["ResourceRecordSets"]]
    return [each for each in records if each["Name"].rstrip(".") == record and each["Type"] == "A"]


def wanted_records(record: str, places: list[Place]) -> list[dict[str, Any]]:
    """The records of a name as they have to be."""
    return [
        {
            "Name": f"{record}.",
            "Type": "A",
            "SetIdentifier": place.role.lower(),
            "Failover": place.role,
            "HealthCheckId": place.check,
            **place.target.record,
        }
        for place in places
    ]


def differences(present: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes that make one the other, in one batch: all of it is seen, or nothing."""
    kept = {each["SetIdentifier"] for each in wanted}
    gone = [each for each in present if each.get("SetIdentifier") not in kept]
    changed = [each for each in wanted if not any(_is_equal(each, other) for other in present)]
    return [
        *({"Action": "DELETE", "ResourceRecordSet": each} for each in gone),
        *({"Action": "UPSERT", "ResourceRecordSet": each} for each in changed),
    ]


def apply(aws: Aws, zone: Zone, changes: list[dict[str, Any]]) -> None:
    """Make changes, and return when every server of Route 53 knows them.

    Raises:
        InvalidInput: the name has a record of another kind, beside which there can be none.
    """
    route53 = aws.client("route53")
    batch = {"Comment": "python -m infra.route53", "Changes": changes}
    try:
        answer = route53.change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch=batch)
    except ClientError as error:
        if code_of(error) != "InvalidChangeBatch":
            raise
        raise InvalidInput(
            "Route 53 refuses the change: the name has other records, such as a CNAME. Remove those first."
        ) from None

    change = answer["ChangeInfo"]["Id"]

    def is_known() -> bool:
        return bool(route53.get_change(Id=change)["ChangeInfo"]["Status"] == "INSYNC")

    wait_until(is_known, "Telling all servers of Route 53", LONGEST_SYNC_S)


def own_records(aws: Aws, record: str, present: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of a name's records that were made here: their health checks say so."""
    checks = own_checks(aws, record)
    return [each for each in present if each.get("HealthCheckId") in checks]


def words_of(records: list[dict[str, Any]]) -> str:
    """Where records lead, for a person."""
    targets = [value["Value"] for each in records for value in each.get("ResourceRecords", [])]
    targets += [each["AliasTarget"]["DNSName"].rstrip(".") for each in records if "AliasTarget" in each]
    return ", ".join(targets)


def _is_equal(wanted: dict[str, Any], present: dict[str, Any]) -> bool:
    return _comparable(wanted) == _comparable(present)


def _comparable(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what Route 53 spells in ways of its own."""
    plain = {key: value for key, value in record.items() if value not in ([], None)}
    if "AliasTarget" in record:
        alias = record["AliasTarget"]
        plain["AliasTarget"] = alias | {"DNSName": alias["DNSName"].rstrip(".").lower().removeprefix("dualstack.")}
        plain.pop("TTL", None)
    return plain
