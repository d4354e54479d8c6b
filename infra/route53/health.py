"""Health checks: Route 53 asks each place whether it answers, over HTTPS, from all over the world."""

import hashlib
from typing import Any

from infra.aws import Aws, unless_missing
from infra.route53.targets import Target

RECORD_TAG, ROLE_TAG = "aiplayer:record", "aiplayer:role"
# Tags of so many checks are told in one call.
CHECKS_A_CALL = 10


def make_check(aws: Aws, record: str, role: str, target: Target, path: str) -> str:
    """The id of the health check of a place; it is made where it is not there.

    Args:
        aws: The account.
        record: The name of the record.
        role: Which place of it this is.
        target: Whom it asks.
        path: What it asks for.
    """
    config = {
        "Type": "HTTPS",
        "Port": 443,
        "ResourcePath": path,
        # As the name that is sent; of a balancer also whom it asks.
        "FullyQualifiedDomainName": target.address if target.zone else record,
        "EnableSNI": True,
        "RequestInterval": 30,
        "FailureThreshold": 3,
        **target.checked,
    }
    route53 = aws.client("route53")
    for check, tags in own_checks(aws, record).items():
        if tags.get(ROLE_TAG) == role and _is_same(aws, check, config):
            return check

    made: str = route53.create_health_check(
        CallerReference=_reference(aws, record, role, config), HealthCheckConfig=config
    )["HealthCheck"]["Id"]
    tags = {RECORD_TAG: record, ROLE_TAG: role, "Name": f"{record} {role}"}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    route53.change_tags_for_resource(ResourceType="healthcheck", ResourceId=made, AddTags=listed)
    return made


def own_checks(aws: Aws, record: str) -> dict[str, dict[str, str]]:
    """The health checks that were made for a record, with their tags."""
    ids = [each["Id"] for each in aws.pages("route53", "list_health_checks", "HealthChecks")]
    own = {}
    for first in range(0, len(ids), CHECKS_A_CALL):
        some = ids[first : first + CHECKS_A_CALL]
        answer = aws.client("route53").list_tags_for_resources(ResourceType="healthcheck", ResourceIds=some)
        for entry in answer["ResourceTagSets"]:
            tags = {tag["Key"]: tag["Value"] for tag in entry["Tags"]}
            if tags.get(RECORD_TAG) == record:
                own[entry["ResourceId"]] = tags
    return own


def remove_checks(aws: Aws, record: str, kept: set[str]) -> int:
    """Remove the health checks of a record that nothing needs any more; how many there were."""
    surplus = own_checks(aws, record).keys() - kept
    for check in surplus:
        unless_missing(aws.client("route53").delete_health_check, "NoSuchHealthCheck", HealthCheckId=check)
    return len(surplus)


def _is_same(aws: Aws, check: str, config: dict[str, Any]) -> bool:
    present = aws.client("route53").get_health_check(HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"]
    return all(present.get(key) == value for key, value in config.items())


def _reference(aws: Aws, record: str, role: str, config: dict[str, Any]) -> str:
    """One for the same call made again, so that one whose answer was lost makes no second check."""
    made_of = [aws.account, record, role, *(f"{key}={config[key]}" for key in sorted(config))]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:64]
