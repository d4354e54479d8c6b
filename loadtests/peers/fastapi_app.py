"""A plain FastAPI app that serves the models from its own process, as one writes it in an hour.

python -m loadtests.peers.fastapi_app --port 3001

The endpoints are plain functions, which FastAPI calls in its threads; one uvicorn process serves them.
"""

import argparse

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from aiplayer.errors import AIPlayerError
from aiplayer.settings import Settings
from gateway.schemas import LikeAnswer, LikeRequest, RecommendAnswer, RecommendRequest, SimilarRequest
from loadtests.peers.answering import Answering


def make_app(answering: Answering) -> FastAPI:
    """The app.

    Args:
        answering: The models and the database.
    """
    app = FastAPI()

    @app.post("/similar")
    def similar(request: SimilarRequest) -> Response:
        (answer,) = answering.similar([request])
        return Response(answer, media_type="application/json")

    @app.post("/recommend")
    def recommend(request: RecommendRequest) -> RecommendAnswer:
        (answer,) = answering.recommend([request])
        return answer

    @app.post("/like")
    def like(request: LikeRequest) -> LikeAnswer:
        answering.like(request)
        return LikeAnswer(generation_id=request.generation_id, liked=request.liked)

    @app.get("/readyz")
    def ready() -> dict[str, str]:
        return {}

    @app.exception_handler(AIPlayerError)
    def refuse(_: Request, error: AIPlayerError) -> Response:
        return JSONResponse({"error": error.as_dict()}, status_code=error.status)

    return app


def main() -> None:
    """Serve until the process is stopped."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.peers.fastapi_app")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port

    app = make_app(Answering.load(Settings()))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
