"""LitServe with the same models: an API for each endpoint, each in a worker process of its own, in batches.

python -m loadtests.peers.litserve_app --port 3001
"""

import argparse

import litserve
from fastapi import Response

from aiplayer.settings import Settings
from gateway.schemas import RecommendAnswer, RecommendRequest, SimilarRequest
from loadtests.peers.answering import Answering

MOST_REQUESTS = 32
# How long a request waits for company, in seconds.
BATCH_TIMEOUT_S = 0.005
TIMEOUT_S = 60


class SimilarAPI(litserve.LitAPI):
    """POST /similar."""

    def setup(self, device: str) -> None:
        """Load the models into this worker."""
        self.answering = Answering.load(Settings())

    def decode_request(self, request: SimilarRequest) -> SimilarRequest:
        """LitServe takes the type of the body from here."""
        return request

    def batch(self, inputs: list[SimilarRequest]) -> list[SimilarRequest]:
        """Requests stay a list."""
        return inputs

    def predict(self, requests: list[SimilarRequest]) -> list[bytes]:
        """The answers to a batch, as JSON."""
        return self.answering.similar(requests)

    def unbatch(self, output: list[bytes]) -> list[bytes]:
        """Answers are a list already."""
        return output

    def encode_response(self, output: bytes) -> Response:
        """The body of one answer."""
        return Response(output, media_type="application/json")


class RecommendAPI(litserve.LitAPI):
    """POST /recommend."""

    def setup(self, device: str) -> None:
        """Load the models into this worker."""
        self.answering = Answering.load(Settings())

    def decode_request(self, request: RecommendRequest) -> RecommendRequest:
        """LitServe takes the type of the body from here."""
        return request

    def batch(self, inputs: list[RecommendRequest]) -> list[RecommendRequest]:
        """Requests stay a list."""
        return inputs

    def predict(self, requests: list[RecommendRequest]) -> list[RecommendAnswer]:
        """The answers to a batch."""
        return self.answering.recommend(requests)

    def unbatch(self, output: list[RecommendAnswer]) -> list[RecommendAnswer]:
        """Answers are a list already."""
        return output

    def encode_response(self, output: RecommendAnswer) -> Response:
        """The body of one answer."""
        return Response(output.model_dump_json(), media_type="application/json")


def main() -> None:
    """Serve until the process is stopped."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.peers.litserve_app")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port

    batching = {"max_batch_size": MOST_REQUESTS, "batch_timeout": BATCH_TIMEOUT_S}
    apis = [SimilarAPI(api_path="/similar", **batching), RecommendAPI(api_path="/recommend", **batching)]
    server = litserve.LitServer(apis, accelerator="cpu", timeout=TIMEOUT_S, healthcheck_path="/readyz")
    server.run(host="127.0.0.1", port=port, log_level="warning", generate_client_file=False)


if __name__ == "__main__":
    main()
