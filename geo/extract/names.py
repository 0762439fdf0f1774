"""Which words of an article name places?

A language model proposes names; the gazetteer mends what it gets wrong: it takes Torkham for a
person, leaves the Kabul in "Kabul University" inside an organisation, and does not know that
"Afghan" points to a country. Without a model the gazetteer proposes, and asks for a cue.
Every step runs over the text once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.extract.lookup import places
from geo.extract.model import Entity
from geo.extract.spans import Found, Kind, Spans
from geo.extract.words import (
    AFTER_COMMA,
    DATELINE,
    ENDS,
    KIND_WORDS,
    LEADS_TO,
    MOST_LETTERS,
    MOST_WORDS,
    NAMES_OF_PEOPLE,
    ORDINARY,
    ORGANISATIONS,
    SITE_WORDS,
    SURELY,
    TITLES,
    WORD,
    Word,
    begins_name,
    follows,
    joined,
    runs,
    trim,
    word_before,
)
from geo.gazetteer import Candidate
from geo.placenames import fold

_STANDS_IN = frozenset(("in", "at", "near", "outside", "across", "downtown", "visiting"))
_SHORTEST = 5
_POPULOUS, _BIG, _LEAST_NAMED, _LEAST_DATELINE = 550, 700, 450, 400


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: what it is, and where it stands.

    `demonym` is a people's name ("Afghan"); `inside` a place within the name of an organisation
    or a person ("Kabul University"). Both tell of countries, neither says where something was.
    """

    start: int
    end: int
    text: str
    kind: Kind


def names(text: str, entities: Sequence[Entity] | None) -> tuple[Name, ...]:
    """Find the names of places in a text, in order, none over another.

    Parameters
    ----------
    text
        Plain text without unseen marks (`geo.extract.unseen`); offsets count its characters.
    entities
        What a model of `geo.extract.model` sees in it, or None for the gazetteer alone.
    """
    words = [Word(m.start(), m.end(), m.group()) for m in WORD.finditer(text)]
    alone, entities = entities is None, entities or ()
    found = Found()
    _datelines(text, found)
    _short_forms(text, found)
    _long_names(text, words, entities, found)
    _from_model(text, words, entities, found)
    _peoples(words, found)
    people = [e for e in entities if e.label == "PERSON" and _is_person(text, e)]
    _again(text, words, people, found)
    # what is found vouches for what stands before it in a list
    for _ in range(2):
        _in_focus(text, words, people, found, alone=alone)
    return tuple(
        Name(start, end, text[start:end], kind)
        for (start, end), kind in sorted(found.kinds.items())
    )


def _is_person(text: str, entity: Entity) -> bool:
    """Whether what the model takes for a person is one: nobody is called "the Bab al-Hawa"."""
    name = text[entity.start : entity.end].strip()
    if " " not in name or name.lower().startswith("the "):
        return False
    after = WORD.match(text, entity.end + 1)
    return after is None or after.group() not in KIND_WORDS | SITE_WORDS


def _datelines(text: str, found: Found) -> None:
    for match in DATELINE.finditer(text):
        if _best(match.group(1), least=_LEAST_DATELINE):
            found.add(*match.span(1), "place")


def _short_forms(text: str, found: Found) -> None:
    for match in AFTER_COMMA.finditer(text):
        start = match.start(1)
        short = match.group(1).strip()
        if short not in TITLES and any(
            c.kind == "province" and c.how in ("short", "alias") for c in places(short)
        ):
            found.add(start, start + len(short), "place")


def _long_names(text: str, words: Sequence[Word], entities: Iterable[Entity], found: Found) -> None:
    """Find countries and regions of several words, which a model takes apart."""
    taken = Spans(e for e in entities if e.label in ORGANISATIONS)
    for i, word in enumerate(words):
        if not word.text[0].isupper():
            continue
        for run in runs(text, words, i):
            start, end = run[0].start, run[-1].end
            known = places(text[start:end]) if len(run) > 1 else ()
            if any(c.kind in ("country", "region") and c.how != "demonym" for c in known):
                start, end = trim(text, start, end)
                if not taken.over(start, end):
                    found.add(start, end, "place")
                break


def _from_model(text: str, words: Sequence[Word], entities: Iterable[Entity], found: Found) -> None:
    starts = [word.start for word in words]
    surnames = _surnames(text, entities)
    for entity in entities:
        start, end = _whole(text, words, starts, *trim(text, entity.start, entity.end))
        name = text[start:end]
        if end - start < 2 or "\n" in name or name in TITLES or name.islower():
            continue
        if name in surnames and not _best(name, least=_BIG):
            continue
        known = places(name)
        if known and known[0].how == "demonym" and entity.label in ("NORP", "GPE", "LOC"):
            found.add(start, end, "demonym")
        elif entity.label in ("GPE", "LOC"):
            if not _is_letters(name) and fold(name) not in ORDINARY:
                found.add(start, end, "place")
        elif entity.label in ORGANISATIONS:
            before = _lead(word_before(words, starts, start))
            if (
                (entity.label == "FAC" and known)
                or _are_initials(name)
                or _stands_for_place(name, before, person=entity.label == "PERSON")
            ):
                found.add(start, end, "place")
            elif entity.label != "PERSON":
                _within(text, words, starts, (start, end), found)


def _whole(
    text: str, words: Sequence[Word], starts: Sequence[int], start: int, end: int
) -> tuple[int, int]:
    """Take all of "Rostov-on-Don" where the model takes its first word, if that is a place."""
    if text[end : end + 1] != "-" or end == start:
        return start, end
    word = words[bisect_right(starts, end) - 1]
    longer = (start, word.end - (len(word.text) - len(ENDS.sub("", word.text))))
    return longer if places(text[slice(*longer)]) else (start, end)


def _surnames(text: str, entities: Iterable[Entity]) -> set[str]:
    """Last names of people who are called by their whole name somewhere."""
    people = (ENDS.sub("", text[e.start : e.end]) for e in entities if e.label == "PERSON")
    return {name.split()[-1] for name in people if " " in name.strip()}


def _is_letters(name: str) -> bool:
    """Whether a name is none, or the letters of an organisation: FDA, but not UAE."""
    if not any(c.isalpha() for c in name):
        return True
    letters = name.replace(".", "")
    if not (letters.isupper() and len(letters) <= MOST_LETTERS):
        return False
    wide = ("country", "region", "province", "line")
    return not any(c.kind in wide for c in places(name))


def _are_initials(name: str) -> bool:
    """Whether letters are short for a country, or three and more for a unit: UK, DRC, NSW."""
    letters = name.replace(".", "")
    if not letters.isupper() or len(letters) > MOST_LETTERS:
        return False
    kinds = {c.kind for c in places(name)}
    return "country" in kinds or ("province" in kinds and len(letters) > 2)


def _stands_for_place(name: str, before: str, *, person: bool) -> bool:
    """Whether what the model takes for something else is a place all the same."""
    key = fold(name)
    if (
        key in ORDINARY
        or _is_letters(name)
        or (person and key in NAMES_OF_PEOPLE and before not in SURELY)
    ):
        return False
    cue = before in (SURELY if person else LEADS_TO)
    if person and not cue:
        return False
    return _best(name, least=400 if cue else _POPULOUS) is not None


def _within(
    text: str,
    words: Sequence[Word],
    starts: Sequence[int],
    span: tuple[int, int],
    found: Found,
) -> None:
    """Places within the name of an organisation."""
    first, last = bisect_left(starts, span[0]), bisect_left(starts, span[1])
    i = first
    while i < last:
        for n in range(min(MOST_WORDS, last - i), 0, -1):
            start, end = trim(text, words[i].start, words[i + n - 1].end)
            name = text[start:end]
            if (start, end) == span or not name[:1].isupper() or fold(name) in ORDINARY:
                continue
            if n > 1 and words[i + n - 1].text.lower() in KIND_WORDS - {"county", "city"}:
                continue
            known = places(name)
            demonym = bool(known) and known[0].how == "demonym"
            if demonym or _best(name, least=_BIG):
                found.add(start, end, "demonym" if demonym else "inside")
                i += n
                break
        else:
            i += 1


def _peoples(words: Sequence[Word], found: Found) -> None:
    """Names of peoples wherever they stand: "Afghan", "South Sudanese"."""
    i = 0
    while i < len(words):
        step = 1
        for n in (2, 1):
            run = words[i : i + n]
            if len(run) < n or not all(w.text[0].isupper() for w in run):
                continue
            name = ENDS.sub("", " ".join(w.text for w in run))
            known = places(name) if len(name) > 3 else ()
            if known and known[0].how == "demonym":
                found.add(
                    run[0].start,
                    run[-1].end - (len(run[-1].text) - len(ENDS.sub("", run[-1].text))),
                    "demonym",
                )
                step = n
                break
        i += step


def _again(text: str, words: Sequence[Word], people: Sequence[Entity], found: Found) -> None:
    """Find again, but within a person's name, what is a place elsewhere in the text."""
    known = {text[a:b] for (a, b), kind in found.kinds.items() if kind == "place" and b - a > 3}
    by_first: dict[str, set[str]] = {}
    for name in known:
        match = WORD.match(name)
        if match and name[0].isupper():
            by_first.setdefault(ENDS.sub("", match.group()), set()).add(name)
    taken = Spans(people)
    for word in words:
        for name in sorted(by_first.get(ENDS.sub("", word.text), ()), key=len, reverse=True):
            end = word.start + len(name)
            whole = text.startswith(name, word.start) and not text[end : end + 1].isalnum()
            if whole and not taken.over(word.start, end) and found.add(word.start, end, "place"):
                break


def _in_focus(
    text: str,
    words: Sequence[Word],
    people: Sequence[Entity],
    found: Found,
    *,
    alone: bool,
) -> None:
    """Find names that neither rule saw, in the countries that the text is about."""
    focus = _countries(text, found)
    taken = Spans(people)
    lower = {word.text for word in words if word.text[0].islower()}
    i = 0
    while i < len(words):
        if not begins_name(words[i].text):
            i += 1
            continue
        step = 1
        for run in runs(text, words, i):
            start, end = trim(text, run[0].start, run[-1].end)
            name = text[start:end]
            key = fold(name)
            if len(key) < 3 or key in ORDINARY or name.lower() in lower:
                continue
            if not found.free(start, end) or taken.over(start, end):
                continue
            before = _lead(words[i - 1].text) if i and joined(text, words[i - 1].end, start) else ""
            after = words[i + len(run)] if i + len(run) < len(words) else None
            listed = found.beside(text, start, end)
            next_word = follows(text, end, after)
            stands_alone = not (before[:1].isupper() or next_word[:1].isupper())
            if next_word in SITE_WORDS and places(f"{name} {next_word}"):
                # "Muzenze prison" is known by both words
                name = f"{name} {next_word}"
            if _meant(name, before, next_word, focus, alone=alone, listed=listed) or (
                stands_alone and _known_here(name, focus)
            ):
                found.add(start, end, "place")
                step = len(run)
                break
        i += step


def _lead(word: str) -> str:
    """Write "In", which opens a sentence, as "in"; what is part of a name stays as it is."""
    small = word.lower()
    return small if small in LEADS_TO else word


def _meant(
    name: str, before: str, after: str, focus: frozenset[str], *, alone: bool, listed: bool
) -> bool:
    """Whether a capitalised run of words names a place, by what stands beside it."""
    candidates = [c for c in places(name) if c.how in ("own", "alias")]
    if not candidates:
        return False
    if alone and any(c.kind in ("country", "region") and c.how == "own" for c in candidates):
        return True
    near = [c for c in candidates if c.country in focus]
    person = fold(name) in NAMES_OF_PEOPLE
    cue = before in (SURELY if person else LEADS_TO) or after in KIND_WORDS
    big = not person and any(c.weight >= _BIG and c.how == "own" for c in candidates)
    if (near and (cue or (listed and not person))) or (big and before in _STANDS_IN):
        return True
    if alone:
        if any(c.kind == "province" and c.how == "own" for c in near):
            return True
        least = _LEAST_NAMED if cue else _BIG
        return not person and any(c.weight >= least and c.how == "own" for c in candidates)
    return False


def _known_here(name: str, focus: frozenset[str]) -> bool:
    """Whether a name without a cue is that of a place in the countries of the text alone."""
    if fold(name) in NAMES_OF_PEOPLE:
        return False
    known = places(name)
    near = [c for c in known if c.country in focus and c.how in ("own", "alias")]
    if not near or len(name) < _SHORTEST:
        return False
    best = max(c.weight for c in near)
    elsewhere = max((c.weight for c in known if c.country not in focus), default=0)
    sure = best >= _LEAST_NAMED or any(c.kind == "province" and c.how == "own" for c in near)
    return best > elsewhere and (" " in name or "-" in name or sure)


def _countries(text: str, found: Found) -> frozenset[str]:
    """Countries that the names found so far speak of."""
    votes: Counter[str] = Counter()
    itself = set()
    for name in {text[a:b] for a, b in found.kinds}:
        known = places(name)
        if known and known[0].country:
            votes[known[0].country] += 1
            if known[0].kind == "country":
                itself.add(known[0].country)
    total = votes.total()
    return frozenset(c for c, n in votes.items() if n >= 2 or n / total > 0.3 or c in itself)


def _best(name: str, *, least: int) -> Candidate | None:
    """Find a place of exactly this name that is likely enough to be meant."""
    return next(
        (c for c in places(name) if c.how == "own" and c.weight >= least),
        next((c for c in places(name) if c.how == "alias" and c.weight >= least + 100), None),
    )
