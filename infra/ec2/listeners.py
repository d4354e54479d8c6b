"""Where a balancer listens, and what it does with what comes there."""

from typing import Any

from aiplayer.errors import InvalidInput
from infra.aws import Aws, unless_missing
from infra.ec2.balancers import CLOSED_PATHS, NOT_FOUND, TLS_POLICY, Balancer, TargetGroup
from infra.ec2.resource import Found, Resource, Tell, tags_of

JSON_404 = {
    "Type": "fixed-response",
    "FixedResponseConfig": {"StatusCode": "404", "ContentType": "application/json", "MessageBody": NOT_FOUND},
}
TO_HTTPS = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
}


def check_certificate(aws: Aws, certificate: str) -> None:
    """Refuse a certificate that balancers of this region cannot show.

    Args:
        aws: The account and the region.
        certificate: Its ARN.

    Raises:
        InvalidInput: it is not there, or was not issued yet.
    """
    describe = aws.client("acm").describe_certificate
    found = unless_missing(describe, "ResourceNotFoundException", CertificateArn=certificate)
    status = found["Certificate"]["Status"] if found else "not there"
    if status != "ISSUED":
        raise InvalidInput(
            f"The certificate is {status} in {aws.region}. Name one that was issued: aws acm list-certificates "
            f"--region {aws.region}",
            field="certificate",
        )


class Listener(Resource):
    """A port of a balancer.

    Args:
        balancer: The balancer.
        part: Which part of the deployment this is.
        port: The port.
        targets: Whom it asks; None where it sends all to HTTPS.
        certificate: The ARN of the certificate with which it speaks TLS; empty for plain HTTP.
    """

    kind = "listener"

    def __init__(
        self, balancer: Balancer, part: str, port: int, targets: TargetGroup | None, certificate: str = ""
    ) -> None:
        super().__init__(balancer.site, part)
        self._balancer = balancer
        self._port = port
        self._targets = targets
        self._certificate = certificate

    def look_up(self) -> Found | None:
        """What listens at this port of the balancer."""
        balancer = self._balancer.find_ours()
        if balancer is None:
            return None
        listeners = self.site.aws.pages("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=balancer.id)
        listener = next((each for each in listeners if each["Port"] == self._port), None)
        if listener is None:
            return None
        arn = listener["ListenerArn"]
        described = self._elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]
        certificates = [each["CertificateArn"] for each in listener.get("Certificates", [])]
        rules = self._elb.describe_rules(ListenerArn=arn)["Rules"]
        conditions = [each.get("PathPatternConfig", {}) for rule in rules for each in rule["Conditions"]]
        closed = [value for each in conditions for value in each.get("Values", [])]
        details = {"certificate": "".join(certificates), "closed": closed}
        return Found(arn, f"port {self._port}", tags_of(described[0]["Tags"]) if described else {}, details)

    def make(self, tell: Tell) -> None:
        """Have the balancer listen."""
        if self._targets is None:
            action: dict[str, Any] = TO_HTTPS
        else:
            action = {"Type": "forward", "TargetGroupArn": self._targets.id}
        self._elb.create_listener(
            LoadBalancerArn=self._balancer.id,
            Port=self._port,
            DefaultActions=[action],
            Tags=self.site.listed_tags(self.part),
            **self._protocol(),
        )

    def differences(self, found: Found) -> list[str]:
        """Whether its certificate is another, and whether what is the operator's business is open."""
        words = [] if found.details["certificate"] == self._certificate else ["its certificate"]
        return words + (["paths that have to be closed"] if self._is_open(found) else [])

    def change(self, found: Found) -> None:
        """Give it its certificate, and close paths."""
        if found.details["certificate"] != self._certificate:
            self._elb.modify_listener(ListenerArn=found.id, **self._protocol())
        if self._is_open(found):
            condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": CLOSED_PATHS}}
            tags = self.site.listed_tags(self.part)
            self._elb.create_rule(
                ListenerArn=found.id, Priority=1, Conditions=[condition], Actions=[JSON_404], Tags=tags
            )

    def remove(self, found: Found) -> None:
        """End listening."""
        self._elb.delete_listener(ListenerArn=found.id)

    def _is_open(self, found: Found) -> bool:
        # Only what answers strangers closes paths: the gateways look whether painters are ready.
        return bool(self._certificate) and found.details["closed"] != CLOSED_PATHS

    def _protocol(self) -> dict[str, Any]:
        if not self._certificate:
            return {"Protocol": "HTTP"}
        certificates = [{"CertificateArn": self._certificate}]
        return {"Protocol": "HTTPS", "SslPolicy": TLS_POLICY, "Certificates": certificates}

    @property
    def _elb(self) -> Any:
        return self.site.aws.client("elbv2")
