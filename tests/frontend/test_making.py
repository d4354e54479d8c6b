"""What the page asks of the service for a picture."""

from frontend.client import ServiceError
from frontend.making import paint
from frontend.state import Creation, Wish


class Client:
    """Notes the seeds of the pictures that it is asked for, and paints none with the first.

    Attributes:
        seeds: The seeds so far; None where the service shall choose.
    """

    def __init__(self) -> None:
        self.seeds: list[int | None] = []

    def thumbnail(self, title: str, picture_s: float, seed: int | None = None, **options: object) -> bytes:
        self.seeds.append(seed)
        if len(self.seeds) == 1:
            raise ServiceError("No picture.")
        return b"PNG"


def test_another_picture_has_another_seed_also_after_a_failure() -> None:
    client = Client()
    creation = Creation(Wish("재즈", [], 30, 20), [], [], "generation")
    paint(client, creation, 0.3)
    assert (creation.thumbnail, creation.thumbnail_problem.message) == (None, "No picture.")

    for _ in range(2):
        creation.ask_for_another_picture()
        assert creation.wants_painting
        paint(client, creation, 0.3)
    assert (creation.thumbnail, creation.thumbnail_problem, creation.wants_painting) == (b"PNG", None, False)
    assert len(set(client.seeds)) == 3
