"""The overlay of an operator's own, as docs/operations.md shows it, says whose hosts, images and settings are used."""

import os
import re
import subprocess

import yaml

from aiplayer.settings import PROJECT
from infra.server import BIN

EXAMPLE = re.compile(r"^```yaml\n(# kustomization\.yaml\n.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_documented_overlay_changes_what_is_the_operators_and_nothing_else(tmp_path):
    (example,) = EXAMPLE.findall((PROJECT / "docs" / "operations.md").read_text(encoding="utf-8"))
    assert "../ai-player/" in example
    here = os.path.relpath(PROJECT.resolve(), tmp_path.resolve())
    (tmp_path / "kustomization.yaml").write_text(example.replace("../ai-player/", f"{here}/"), encoding="utf-8")
    command = [BIN / "kubectl", "kustomize", tmp_path]
    own = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    manifests = {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in yaml.safe_load_all(own)}
    for name, host in [("api", "api.my.example"), ("page", "my.example")]:
        ingress = manifests["Ingress", name]["spec"]
        assert (ingress["rules"][0]["host"], ingress["tls"][0]["hosts"]) == (host, [host])
    images = {
        manifest["spec"]["template"]["spec"]["containers"][0]["image"]
        for (kind, _), manifest in manifests.items()
        if kind == "Deployment"
    }
    assert images == {"registry.my.example/ai-player:0.2.0", "registry.my.example/ai-player-page:0.2.0"}
    (settings,) = (
        manifest["data"]
        for (kind, name), manifest in manifests.items()
        if kind == "ConfigMap" and name.startswith("api-")
    )
    assert settings["AIPLAYER_TRUSTED_PROXIES"] == "10.42.0.0/16"
    assert settings["AIPLAYER_ADMIN_PORT"] == "9100"
