"""Ends with 0 where the service of this container takes requests: `python -m infra.container.health`.

It runs every few seconds, so it imports nothing but the standard library.
"""

import http.client
import os
import sys


def main() -> None:
    """Ask the service."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 3000), timeout=4)
    try:
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except OSError as error:
        sys.exit(f"the service does not answer: {error}")
    if status != 200:
        sys.exit(f"the service is not ready: it answers {status}")


if __name__ == "__main__":
    main()
