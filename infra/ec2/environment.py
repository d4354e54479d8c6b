"""The settings of the service on its machines, but for its secrets."""

from infra.ec2.balancers import Balancer
from infra.ec2.network import Network
from infra.ec2.options import Options
from infra.ec2.parameters import Parameter
from infra.ec2.resource import Site

# That of NGINX in the network of a lone machine's containers; `serve.sh` gives it.
NGINX = "172.30.61.2"
ADMIN_PORT = 9100


class Environment(Parameter):
    """Settings as Docker reads them, a line each.

    Args:
        site: Where the deployment lies.
        options: What it is to be.
        network: Where its balancer lies.
        painters: The balancer of the painters, if there are any.
    """

    def __init__(self, site: Site, options: Options, network: Network | None, painters: Balancer | None) -> None:
        super().__init__(site, "environment")
        self._options = options
        self._network = network
        self._painters = painters

    def wanted(self) -> str:
        """What it has to hold now."""
        believed = self._network.addresses if self._options.is_group and self._network else NGINX
        settings = {
            "AIPLAYER_TRUSTED_PROXIES": believed,
            "AIPLAYER_ADMIN_PORT": str(ADMIN_PORT),
            "AIPLAYER_ADMIN_HOST": "0.0.0.0",
            "AIPLAYER_LOG_FORMAT": "json",
        }
        if self._options.repository:
            settings["AIPLAYER_MODEL_REPOSITORY"] = self._options.repository
        if self._painters and (found := self._painters.find()):
            settings["AIPLAYER_PAINTER_URL"] = f"http://{self._painters.address(found)}"
            settings["AIPLAYER_PAINTER_SLEEPS"] = "true"
        return "".join(f"{name}={value}\n" for name, value in settings.items())
