"""Can a person decide on every draft, with what it rests on in sight?"""

import pytest

from geo import reviewing
from geo.extract.kept import kept
from geo.gazetteer import locate
from geo.settings import layers_folder
from geo.store import LayerStore
from geo.ui import review_intake
from tests.examples import NOW, incident
from tests.ui.conftest import check, texts

ARTICLE = """Shelling killed three people in Khost on Tuesday, officials said.

A suicide bomber attacked a mosque in Peshawar on Monday, wounding at least 12 worshippers.

Analysts warn that the fighting could spread. [Read](javascript:alert(1)) **more** :red[here].
"""


@pytest.fixture
def store():
    return LayerStore(layers_folder())


@pytest.fixture(autouse=True)
def _no_model(monkeypatch):
    # the gazetteer alone finds names: quick, and the same with or without a model
    monkeypatch.setattr(review_intake, "load", lambda: None)
    # built once, and not within the time that a page may take
    locate("Kabul")


def drafted(opened, text=ARTICLE):
    app = opened(page="review.py", state={"who": "Ann"})
    app.text_area(key="review_pasted").set_value(text)
    app.date_input(key="review_day").set_value(NOW.date())
    app.text_input(key="review_publisher").set_value("Example Daily").run()
    app.button(key="review_draft").click().run()
    return check(app)


def press(app, label):
    next(b for b in app.button if b.label == label).click()
    return check(app.run())


def held(store, name="articles"):
    return {one.id: one for one in store.read(name).incidents}


def test_an_article_becomes_drafts_beside_its_text(opened, store):
    app = drafted(opened)
    found = held(store)
    assert {one.status for one in found.values()} == {"draft"}
    assert {"shelling", "suicide_attack"} <= {one.event_type for one in found.values()}
    one = next(iter(found.values()))
    assert one.sources[0].publisher == "Example Daily"
    assert kept(layers_folder(), one.sources[0].sha256).article.text == ARTICLE
    assert "yellow-background" in texts(app)


def test_text_of_an_article_is_shown_and_does_nothing(opened):
    shown = texts(drafted(opened))
    assert "[Read](javascript" not in shown
    assert "**more**" not in shown
    assert ":red[here]" not in shown


def test_the_same_article_again_brings_nothing_new(opened, store):
    drafted(opened)
    before = held(store)
    app = drafted(opened)
    assert held(store) == before
    assert "0 new or changed" in app.success[0].value


def test_accept_reject_and_undo_step_through_the_queue(opened, store):
    app = drafted(opened)
    count = len(held(store))
    assert f"1 of {count}" in texts(app)
    press(app, "Accept")
    assert sum(one.status == "accepted" for one in held(store).values()) == 1
    press(app, "Reject")
    assert sum(one.status == "rejected" for one in held(store).values()) == 1
    press(app, "Undo")
    press(app, "Undo")
    assert {one.status for one in held(store).values()} == {"draft"}


def test_a_corrected_draft_is_accepted_as_corrected(opened, store):
    app = drafted(opened)
    title = next(field for field in app.text_input if field.label == "Title")
    title.set_value("Better").run()
    press(app, "Accept as corrected")
    [one] = [one for one in held(store).values() if one.status == "accepted"]
    assert one.title == "Better"
    assert reviewing.reviews(one)[-1]["what"] == "corrected title"


def test_nothing_is_decided_without_a_name(opened):
    drafted(opened)
    app = opened(page="review.py", state={"layer": "articles"})
    accept = next(b for b in app.button if b.label == "Accept")
    assert accept.disabled
    assert "Give your name first" in texts(app)


def test_what_somebody_else_decided_meanwhile_is_told(opened, store):
    app = drafted(opened)
    first = reviewing.queue(held(store).values())[0]
    reviewing.reject(store, "articles", first, reason="no", by="Bo", now=NOW)
    next(b for b in app.button if b.label == "Accept").click()
    app.run()
    assert any("was changed by Bo" in error.value for error in app.error)


def test_machine_coded_drafts_are_reviewed_without_an_article(opened):
    coded = incident("gdelt:1", status="draft", native={"EventCode": "190"})
    app = opened(coded, page="review.py", state={"who": "Ann"})
    assert "No article is kept" in texts(app)
    press(app, "Accept")
    assert any("No draft waits" in box.value for box in app.info)


RUSSIAN = "Вчера в Харькове погибли три человека при обстреле города, сообщили власти."
FRENCH = """Les forces armées ont bombardé hier le village de Tabankort dans la région de Gao,
tuant trois personnes selon des habitants de la commune voisine. Le gouvernement a promis une
enquête, mais les familles des victimes disent que personne ne leur a parlé depuis les frappes."""


@pytest.mark.parametrize(("text", "sentence"), [(RUSSIAN, "Cyrillic"), (FRENCH, "French")])
def test_an_article_in_another_language_is_refused_plainly(opened, text, sentence):
    app = opened(page="review.py", state={"who": "Ann"})
    app.text_area(key="review_pasted").set_value(text)
    app.date_input(key="review_day").set_value(NOW.date()).run()
    app.button(key="review_draft").click().run()
    assert any(sentence in error.value for error in app.error)


def test_drafts_with_odd_evidence_are_shown_all_the_same(opened):
    odd = {"score": "x", "sentences": [{"start": -1, "end": "z"}, 7], "spans": {}, "candidates": [
        {"lon": "x"}, {"precision": "picnic"}, None], "reasons": 3}  # fmt: skip
    app = opened(incident("own:1", status="draft", extra={"evidence": odd}), page="review.py")
    check(app)
