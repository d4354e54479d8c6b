"""A fresh API key, and what the service is told of it: python -m infra.keys NAME."""

import argparse
import secrets
import sys

from pydantic import SecretStr, ValidationError

from aiplayer.exposure import ApiKey

SECRET_BYTES = 32
# So that whoever finds a key knows what it opens.
PREFIX = "aiplayer_"
EXPLANATION = """\
Give this to the client; it is not shown again:

{secret}

Put this into aiplayer.toml, and start the service again:

[[api_keys]]
name = "{name}"
sha256 = "{sha256}"
"""


def fresh_key(name: str) -> ApiKey:
    """A key that nobody has seen.

    Args:
        name: What the operator calls the client.

    Raises:
        ValidationError: keys cannot be called so.
    """
    return ApiKey(name=name, secret=SecretStr(PREFIX + secrets.token_urlsafe(SECRET_BYTES)))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.keys", description=__doc__)
    parser.add_argument("name", help="letters, digits and . _ - of the client's name")
    arguments = parser.parse_args()

    try:
        key = fresh_key(arguments.name)
    except ValidationError:
        sys.exit("error: The name may have up to 64 letters and digits of ASCII, dots, dashes and underscores.")
    secret = key.secret.get_secret_value() if key.secret else ""
    print(EXPLANATION.format(secret=secret, name=key.name, sha256=key.digest.hex()), end="")


if __name__ == "__main__":
    main()
