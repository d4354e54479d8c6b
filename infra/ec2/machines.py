"""One machine, of the first type and in the first zone that has it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from aiplayer.errors import InvalidInput, Unavailable
from infra.aws import SEEN_AFTER_S, code_of, once_settled, wait_until
from infra.ec2.hardware import Computer, Hardware
from infra.ec2.resource import Cost, Found, Tell, tags_of

FULL = {"InsufficientInstanceCapacity", "Unsupported"}
PRESENT = ["pending", "running", "stopping", "stopped"]
START_S = 600


class Machine(Computer):
    """A machine."""

    kind = "machine"

    def look_up(self) -> Found | None:
        """The machine with the tags of this part that has not been ended."""
        machines = [each for each in self._tagged() if each["State"]["Name"] in PRESENT]
        if not machines:
            return None
        if len(machines) > 1:
            ids = ", ".join(each["InstanceId"] for each in machines)
            raise InvalidInput(f"Several machines carry the tags of {self.name}: {ids}. End all but one.")
        found = machines[0]
        return Found(found["InstanceId"], found["State"]["Name"], tags_of(found["Tags"]), found)

    def make(self, tell: Tell) -> None:
        """Start one of the first type that is to be had, in whichever zone has it.

        Raises:
            Unavailable: no zone has any.
        """
        assert self._hardware is not None
        for type_name, subnet in _places(self._hardware):
            try:
                self._start(type_name, subnet)
                return
            except ClientError as error:
                if code_of(error) not in FULL:
                    raise
                tell(f"no {type_name} to be had in {self._zone_of(subnet)} now; trying the next")
        types = ", ".join(offer.name for offer in self._hardware.offers)
        raise Unavailable(
            f"No zone of {self.site.aws.region} has {types} now. Try later, another --region, other types by --type, "
            "or --cpu.",
            code="no_capacity",
        )

    def differences(self, found: Found) -> list[str]:
        """Whether it rests, and who may ask it about itself.

        Raises:
            InvalidInput: it is of a type that is not wanted.
        """
        assert self._hardware is not None
        machine, types = found.details, [offer.name for offer in self._hardware.offers]
        if machine["InstanceType"] not in types:
            raise InvalidInput(
                f"{self.name} is a {machine['InstanceType']}, and wanted is one of {', '.join(types)}. Give --cpu or "
                f"--type as it was made with, or run `down --name {self.site.name}` first.",
                field="type",
            )
        words = [] if found.state in ("pending", "running") else [f"it is {found.state}"]
        options, wanted = machine.get("MetadataOptions", {}), self._hardware.metadata
        return words + [f"{key} {wanted[key]}" for key in wanted if options.get(key) != wanted[key]]

    def change(self, found: Found) -> None:
        """Start it where it rests, and set who may ask it about itself."""
        assert self._hardware is not None
        self._ec2.modify_instance_metadata_options(InstanceId=found.id, **self._hardware.metadata)
        if found.state == "stopping":
            wait_until(lambda: self._state() != "stopping", "Stopping the machine", START_S)
        if found.state not in ("pending", "running"):
            self._ec2.start_instances(InstanceIds=[found.id])

    def remove(self, found: Found) -> None:
        """End it with its disk."""
        self._ec2.terminate_instances(InstanceIds=[found.id])
        wait_until(lambda: self._state() is None, "Ending the machine", START_S)

    def costs(self, found: Found | None) -> list[Cost]:
        """The machine and its disk."""
        offered = self._hardware.offers[0].name if self._hardware else ""
        return [
            Cost("machine", found.details["InstanceType"] if found else offered, 1),
            Cost("its disk", "gp3", self._hardware.system.disk_gb if self._hardware else 0),
        ]

    def _start(self, type_name: str, subnet: str | None) -> None:
        assert self._hardware is not None
        profile, group = {"Name": self._profile.name}, self._group.id
        place = {"SubnetId": subnet} if subnet else {}
        once_settled(
            self._ec2.run_instances,
            "InvalidParameterValue",
            longest_s=SEEN_AFTER_S,
            ImageId=self._hardware.system.image,
            InstanceType=type_name,
            MinCount=1,
            MaxCount=1,
            ClientToken=self._token(type_name, subnet, group),
            SecurityGroupIds=[group],
            IamInstanceProfile=profile,
            BlockDeviceMappings=self._hardware.disks,
            MetadataOptions=self._hardware.metadata,
            UserData=self._user_data,
            TagSpecifications=[
                {"ResourceType": kind, "Tags": self.site.listed_tags(self.part)} for kind in ("instance", "volume")
            ],
            **place,
        )

    def _token(self, type_name: str, subnet: str | None, group: str) -> str:
        """One for the same call made again soon, another where a machine of this part has ended since."""
        ended = sorted(each["InstanceId"] for each in self._tagged())
        made_of = [group, type_name, subnet or "", f"{datetime.now(UTC):%Y-%m-%d %H}", *ended]
        return hashlib.sha256("\n".join(made_of).encode()).hexdigest()

    def _tagged(self) -> list[dict[str, Any]]:
        """The machines with the tags of this part, also those that have ended a while ago."""
        tags = {key: value for key, value in self.site.tags(self.part).items() if key != "Name"}
        filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
        reservations = self.site.aws.pages("ec2", "describe_instances", "Reservations", Filters=filters)
        return [machine for reservation in reservations for machine in reservation["Instances"]]

    def _state(self) -> str | None:
        states = [each["State"]["Name"] for each in self._tagged() if each["State"]["Name"] != "terminated"]
        return states[0] if states else None

    def _zone_of(self, subnet: str | None) -> str:
        assert self._hardware is not None
        zones = {each.id: each.zone for each in self._hardware.network.subnets}
        return zones[subnet] if subnet else f"the zone that {self.site.aws.region} chose"

    @property
    def _ec2(self) -> Any:
        return self.site.aws.client("ec2")


def _places(hardware: Hardware) -> Iterator[tuple[str, str | None]]:
    """Each type with each subnet that may have it; where EC2 chooses the zone by itself it does so first."""
    for offer in hardware.offers:
        if hardware.network.is_default:
            yield offer.name, None
        for subnet in hardware.network.subnets:
            if subnet.zone in offer.zones:
                yield offer.name, subnet.id
