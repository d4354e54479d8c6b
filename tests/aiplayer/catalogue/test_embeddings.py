import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aiplayer.catalogue import TitleEmbeddings, migrate
from aiplayer.catalogue.tables import TitleEmbedding


class Encoder:
    """Embeds a title as its length and first letter, and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, titles):
        self.asked += titles
        return np.array([[len(title), ord(title[0])] for title in titles], dtype=np.float32)


@pytest.fixture
def embeddings(engine):
    migrate(engine)
    return TitleEmbeddings(engine, "encoder:1")


def test_a_title_is_embedded_once(embeddings):
    encoder = Encoder()
    first = embeddings.get_or_make(["밤", "낮에", "밤"], encoder)
    again = embeddings.get_or_make(["낮에", "새벽 감성", "밤"], encoder)
    assert encoder.asked == ["밤", "낮에", "새벽 감성"]
    assert first.dtype == again.dtype == np.float32
    assert (first == Encoder()(["밤", "낮에", "밤"])).all()
    assert (again == Encoder()(["낮에", "새벽 감성", "밤"])).all()


def test_another_encoder_gets_none_of_them_and_can_forget_them(embeddings, engine):
    embeddings.get_or_make(["밤"], Encoder())
    newer, encoder = TitleEmbeddings(engine, "encoder:2"), Encoder()
    newer.get_or_make(["밤"], encoder)
    assert encoder.asked == ["밤"]
    newer.forget_others()
    with Session(engine) as session:
        assert session.scalars(select(TitleEmbedding.model)).all() == ["encoder:2"]


def test_they_are_stored_as_float32_bytes_with_their_model(embeddings, engine):
    embeddings.get_or_make(["밤"], Encoder())
    with Session(engine) as session:
        row = session.scalars(select(TitleEmbedding)).one()
    assert (row.model, row.vector) == ("encoder:1", np.array([1, ord("밤")], dtype="<f4").tobytes())


def test_what_was_made_before_an_interruption_is_kept(embeddings, monkeypatch):
    monkeypatch.setattr("aiplayer.catalogue.embeddings.TITLES_A_BATCH", 2)
    encoder, told = Encoder(), []

    def stop_in_the_third_batch(titles):
        if len(encoder.asked) == 4:
            raise KeyboardInterrupt
        return encoder(titles)

    titles = [f"title {n}" for n in range(6)]
    with pytest.raises(KeyboardInterrupt):
        embeddings.get_or_make(titles, stop_in_the_third_batch, lambda done, total: told.append((done, total)))
    embeddings.get_or_make(titles, encoder)
    assert told == [(2, 6), (4, 6)]
    assert encoder.asked == titles
