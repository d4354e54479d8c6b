import tracemalloc

from aiplayer.text import spaced_words, title_ngrams, word_ngrams


def test_words_have_one_spelling():
    assert spaced_words("  Ｌａｔｅ Night\tJAZZ ") == ["late", "night", "jazz"]


def test_n_grams_stay_within_a_word_whose_ends_count():
    assert set(word_ngrams("비가")) == {"비", "가", " 비", "비가", "가 ", " 비가", "비가 ", " 비가 "}


def test_a_word_is_found_whatever_particle_it_carries():
    assert {" 여름", "여름"} <= set(title_ngrams("여름밤의 파티")) & set(title_ngrams("한 여름"))


def test_a_title_has_each_n_gram_once_and_none_without_words():
    ngrams = title_ngrams("la la land")
    assert len(ngrams) == len(set(ngrams))
    assert title_ngrams("  ") == []


def test_words_that_were_typed_leave_nothing_in_memory():
    tracemalloc.start()
    try:
        title_ngrams("warm up")
        before, _ = tracemalloc.get_traced_memory()
        for number in range(500):
            title_ngrams(f"{number}" * 60)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 100_000
