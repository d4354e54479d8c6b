"""A server that speaks S3, on a loopback port, with a bucket and credentials."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from training.publish.s3_client import s3_client

BUCKET = "models"
SECRET = "kept-to-itself-9f3c"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDTINY", "AWS_SECRET_ACCESS_KEY": SECRET}


@contextmanager
def s3_server() -> Iterator[str]:
    """The server's address; while this lasts the environment has credentials for it."""
    # It takes seconds to import, and most tests beside those with a server never need it.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        with patch.dict("os.environ", CREDENTIALS):
            s3_client(endpoint, "us-east-1").create_bucket(Bucket=BUCKET)
            yield endpoint
    finally:
        server.stop()
