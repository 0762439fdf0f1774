"""Which words of an article name places?

A language model proposes names; the gazetteer mends what it gets wrong: it takes Torkham for a
person, leaves the Kabul in "Kabul University" inside an organisation, and does not know that
"Afghan" points to a country. Without a model the gazetteer proposes, and asks for a cue.
Every step runs over the text once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from geo.extract.lookup import places
from geo.extract.model import Entity, Model
from geo.gazetteer import Candidate
from geo.placenames import fold

Kind = Literal["place", "demonym", "inside"]

# marks that are not seen, and would part a name from itself
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_](?:[\w'’ʻʿʼ]|-(?=\w)|\.(?=[A-Z]\b))*")
_ENDS = re.compile(r"['’`´]s?$")
# small words that stand within a name: Dar es Salaam, Khan al Assal, Band-e Amir
_WITHIN = {"al", "el", "ad", "as", "ash", "de", "del", "da", "do", "di", "du", "la", "le", "es"}
_WITHIN |= {"of", "wa", "bin", "e", "i", "and", "the", "en", "sur", "upon", "los", "las"}
_MOST_WORDS = 5
# what a name of letters alone has at most, and titles that look like the short form of a state
_LETTERS = 4
_TITLES = {"M.D."}
_BESIDE = re.compile(r",? (?:and |or )?")
_KIND_WORDS = {"province", "district", "county", "city", "region", "governorate", "oblast"}
_KIND_WORDS |= {"state", "town", "village", "agency", "tehsil", "prefecture", "raion", "area"}
_KIND_WORDS |= {"valley", "border", "crossing", "camp", "airport", "river", "municipality"}
_KIND_WORDS |= {"department", "division", "sector", "suburb", "neighbourhood", "neighborhood"}
_LEADS_TO = {"in", "at", "near", "from", "to", "outside", "around", "across", "via", "between"}
_LEADS_TO |= {"towards", "toward", "into", "inside", "within", "through", "beyond", "reached"}
_LEADS_TO |= {"northern", "southern", "eastern", "western", "central", "northeastern", "north"}
_LEADS_TO |= {"northwestern", "southeastern", "southwestern", "off", "against", "south", "east"}
_LEADS_TO |= {"west", "captured", "hit", "shelled", "struck", "bombed", "neighbouring", "downtown"}
_LEADS_TO |= {"neighboring", "of", "nearby", "over", "on", "and", "or", "village", "town", "city"}
# after these even a word that the model takes for a person names a place
_SURELY = _LEADS_TO - {"to", "from", "of", "on", "and", "or", "against", "over", "by", "hit"}
_ORGANISATIONS = {"ORG", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW", "PERSON", "NORP"}
# words that are also the names of towns, and hardly ever mean them
_ORDINARY = frozenset(
    _WORD.findall(
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday mobile reading university "
        "police general central union liberty independence hope bath nice most best orange lord "
        "same male many deal battle crime sale trade service home street park church school "
        "bishop eden hall white black green brown grey gray young king queen prince president "
        "minister secretary north south east west northern southern eastern western border army "
        "news times post press the and but for with from this that these those there here when "
        "where while after before mr mrs ms dr sir islam christian muslim allah god jesus bible "
        "mission justice enterprise commerce normal oil gas water energy force forces war peace "
        "air san santa saint new old no one two three four five six seven eight nine ten first "
        "second third "
    )
)
_NAMES_OF_PEOPLE = frozenset(
    _WORD.findall(
        "clinton lincoln jackson jordan chelsea austin dallas madison tyler taylor carter "
        "charlotte victoria houston logan mason trinity washington ali hussein hassan khan "
        "ahmed mohammed muhammad abdullah omar ibrahim karim rahman aziz james john david "
        "michael robert william george thomas henry paul peter mark martin luke simon stephen "
        "francis "
    )
)
_DATELINE = re.compile(
    r"^[ \t]*((?:[A-Z][A-Z.'’-]+)(?: [A-Z][A-Z.'’-]+){0,3})(?=,| ?[-–—(:]|/)", re.MULTILINE
)
_AFTER_COMMA = re.compile(r",[ \t]{1,3}((?:[A-Z]\.[ ]?){2,3}|[A-Z][a-z]{1,5}\.)")
_POPULOUS, _BIG, _LEAST_DATELINE = 550, 700, 400


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


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str


class _Found:
    """Spans that were taken, none over another."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[int, int], Kind] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []

    def free(self, start: int, end: int) -> bool:
        at = bisect_right(self._ends, start)
        return at == len(self._starts) or self._starts[at] >= end

    def beside(self, text: str, start: int, end: int) -> bool:
        """Whether it stands in a list with a place: "Migori, Homa Bay and Kisumu"."""
        at = bisect_right(self._ends, start)
        before = at > 0 and _BESIDE.fullmatch(text, self._ends[at - 1], start)
        after = at < len(self._starts) and _BESIDE.fullmatch(text, end, self._starts[at])
        beside = [i for i, joined in ((at - 1, before), (at, after)) if joined]
        return any(self.kinds[self._starts[i], self._ends[i]] == "place" for i in beside)

    def add(self, start: int, end: int, kind: Kind) -> bool:
        if start >= end or not self.free(start, end):
            return False
        self._starts.insert(bisect_left(self._starts, start), start)
        self._ends.insert(bisect_left(self._ends, end), end)
        self.kinds[start, end] = kind
        return True


def names(text: str, *, model: Model | None) -> tuple[Name, ...]:
    """Find the names of places in a text, in order, none over another.

    Parameters
    ----------
    text
        Plain text; offsets of the answer count its characters.
    model
        A model of `geo.extract.model`, or None for the gazetteer alone.
    """
    seen, at = _seen(text)
    words = [_Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(seen)]
    entities = list(model.entities(seen)) if model else []
    found = _Found()
    _datelines(seen, found)
    _short_forms(seen, found)
    _long_names(seen, words, entities, found)
    _from_model(seen, words, entities, found)
    _peoples(words, found)
    people = [e for e in entities if e.label == "PERSON" and " " in seen[e.start : e.end].strip()]
    _again(seen, words, people, found)
    _in_focus(seen, words, people, found, alone=model is None)
    return tuple(
        Name(a, b, text[a:b], kind)
        for (start, end), kind in sorted(found.kinds.items())
        for a, b in [(at(start), at(end - 1) + 1)]
    )


def _seen(text: str) -> tuple[str, Callable[[int], int]]:
    """Take marks out that are not seen, and tell where the other characters stood."""
    if not _UNSEEN.search(text):
        return text, lambda i: i
    kept = [i for i, c in enumerate(text) if not _UNSEEN.match(c)]
    return "".join(text[i] for i in kept), kept.__getitem__


def _datelines(text: str, found: _Found) -> None:
    for match in _DATELINE.finditer(text):
        if _best(match.group(1), least=_LEAST_DATELINE):
            found.add(*match.span(1), "place")


def _short_forms(text: str, found: _Found) -> None:
    for match in _AFTER_COMMA.finditer(text):
        start = match.start(1)
        short = match.group(1).strip()
        if short not in _TITLES and any(
            c.kind == "province" and c.how in ("short", "alias") for c in places(short)
        ):
            found.add(start, start + len(short), "place")


def _long_names(
    text: str, words: Sequence[_Word], entities: Iterable[Entity], found: _Found
) -> None:
    """Find countries and regions of several words, which a model takes apart."""
    taken = _Spans(e for e in entities if e.label in _ORGANISATIONS)
    for i, word in enumerate(words):
        if not word.text[0].isupper():
            continue
        for run in _runs(text, words, i):
            start, end = run[0].start, run[-1].end
            known = places(text[start:end]) if len(run) > 1 else ()
            if any(c.kind in ("country", "region") and c.how != "demonym" for c in known):
                start, end = _trim(text, start, end)
                if not taken.over(start, end):
                    found.add(start, end, "place")
                break


def _from_model(
    text: str, words: Sequence[_Word], entities: Iterable[Entity], found: _Found
) -> None:
    starts = [word.start for word in words]
    surnames = _surnames(text, entities)
    for entity in entities:
        start, end = _trim(text, entity.start, entity.end)
        name = text[start:end]
        if end - start < 2 or "\n" in name:
            continue
        if name in surnames and not _best(name, least=_BIG):
            continue
        known = places(name)
        if known and known[0].how == "demonym" and entity.label in ("NORP", "GPE", "LOC"):
            found.add(start, end, "demonym")
        elif entity.label in ("GPE", "LOC"):
            if not _is_letters(name) and fold(name) not in _ORDINARY:
                found.add(start, end, "place")
        elif entity.label in _ORGANISATIONS:
            before = _word_before(words, starts, start)
            if (entity.label == "FAC" and known) or _stands_for_place(
                name, before, person=entity.label == "PERSON"
            ):
                found.add(start, end, "place")
            elif entity.label != "PERSON":
                _within(text, words, starts, (start, end), found)


def _surnames(text: str, entities: Iterable[Entity]) -> set[str]:
    """Last names of people who are called by their whole name somewhere."""
    people = (_ENDS.sub("", text[e.start : e.end]) for e in entities if e.label == "PERSON")
    return {name.split()[-1] for name in people if " " in name.strip()}


def _is_letters(name: str) -> bool:
    """Whether a name is none, or the letters of an organisation: FDA, but not UAE."""
    if not any(c.isalpha() for c in name):
        return True
    letters = name.replace(".", "")
    if not (letters.isupper() and len(letters) <= _LETTERS):
        return False
    wide = ("country", "region", "province", "line")
    return not any(c.kind in wide for c in places(name))


def _stands_for_place(name: str, before: str, *, person: bool) -> bool:
    """Whether what the model takes for something else is a place all the same."""
    key = fold(name)
    if (
        key in _ORDINARY
        or _is_letters(name)
        or (person and key in _NAMES_OF_PEOPLE and before not in _SURELY)
    ):
        return False
    cue = before in (_SURELY if person else _LEADS_TO)
    if person and not cue:
        return False
    return _best(name, least=400 if cue else _POPULOUS) is not None


def _within(
    text: str,
    words: Sequence[_Word],
    starts: Sequence[int],
    span: tuple[int, int],
    found: _Found,
) -> None:
    """Places within the name of an organisation."""
    first, last = bisect_left(starts, span[0]), bisect_left(starts, span[1])
    i = first
    while i < last:
        for n in range(min(_MOST_WORDS, last - i), 0, -1):
            start, end = _trim(text, words[i].start, words[i + n - 1].end)
            name = text[start:end]
            if (start, end) == span or not name[:1].isupper() or fold(name) in _ORDINARY:
                continue
            if n > 1 and words[i + n - 1].text.lower() in _KIND_WORDS - {"county", "city"}:
                continue
            known = places(name)
            demonym = bool(known) and known[0].how == "demonym"
            if demonym or _best(name, least=_BIG):
                found.add(start, end, "demonym" if demonym else "inside")
                i += n
                break
        else:
            i += 1


def _peoples(words: Sequence[_Word], found: _Found) -> None:
    """Names of peoples wherever they stand: "Afghan", "South Sudanese"."""
    i = 0
    while i < len(words):
        step = 1
        for n in (2, 1):
            run = words[i : i + n]
            if len(run) < n or not all(w.text[0].isupper() for w in run):
                continue
            name = _ENDS.sub("", " ".join(w.text for w in run))
            known = places(name) if len(name) > 3 else ()
            if known and known[0].how == "demonym":
                found.add(
                    run[0].start,
                    run[-1].end - (len(run[-1].text) - len(_ENDS.sub("", run[-1].text))),
                    "demonym",
                )
                step = n
                break
        i += step


def _again(text: str, words: Sequence[_Word], people: Sequence[Entity], found: _Found) -> None:
    """Find again, but within a person's name, what is a place elsewhere in the text."""
    known = {text[a:b] for (a, b), kind in found.kinds.items() if kind == "place" and b - a > 3}
    by_first: dict[str, set[str]] = {}
    for name in known:
        match = _WORD.match(name)
        if match and name[0].isupper():
            by_first.setdefault(_ENDS.sub("", match.group()), set()).add(name)
    taken = _Spans(people)
    for word in words:
        for name in sorted(by_first.get(_ENDS.sub("", word.text), ()), key=len, reverse=True):
            end = word.start + len(name)
            whole = text.startswith(name, word.start) and not text[end : end + 1].isalnum()
            if whole and not taken.over(word.start, end) and found.add(word.start, end, "place"):
                break


def _in_focus(
    text: str,
    words: Sequence[_Word],
    people: Sequence[Entity],
    found: _Found,
    *,
    alone: bool,
) -> None:
    """Find names that neither rule saw, in the countries that the text is about."""
    focus = _countries(text, found)
    taken = _Spans(people)
    lower = {word.text for word in words if word.text[0].islower()}
    i = 0
    while i < len(words):
        if not words[i].text[0].isupper():
            i += 1
            continue
        step = 1
        for run in _runs(text, words, i):
            start, end = _trim(text, run[0].start, run[-1].end)
            name = text[start:end]
            key = fold(name)
            if len(key) < 3 or key in _ORDINARY or name.lower() in lower:
                continue
            if not found.free(start, end) or taken.over(start, end):
                continue
            before = words[i - 1].text if i and _joined(text, words[i - 1].end, start) else ""
            after = words[i + len(run)] if i + len(run) < len(words) else None
            listed = found.beside(text, start, end)
            follows = _follows(text, end, after)
            if _meant(name, before, follows, focus, alone=alone, listed=listed):
                found.add(start, end, "place")
                step = len(run)
                break
        i += step


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
    person = fold(name) in _NAMES_OF_PEOPLE
    cue = before in (_SURELY if person else _LEADS_TO) or after in _KIND_WORDS
    if near and (cue or (listed and not person)):
        return True
    if alone:
        least = _POPULOUS if cue else _BIG
        return not person and any(c.weight >= least and c.how == "own" for c in candidates)
    return False


def _runs(text: str, words: Sequence[_Word], i: int) -> Iterator[Sequence[_Word]]:
    """Read runs of words from here on that may be one name, the longest first."""
    last = i
    for j in range(i + 1, min(i + _MOST_WORDS, len(words))):
        if not _joined(text, words[j - 1].end, words[j].start):
            break
        if words[j].text[0].isupper():
            last = j
        elif words[j].text not in _WITHIN:
            break
    for j in range(last, i - 1, -1):
        if words[j].text[0].isupper():
            yield words[i : j + 1]


def _joined(text: str, end: int, start: int) -> bool:
    return text[end:start] in (" ", "-", " -", "- ", "  ") or (
        start - end <= 2 and not text[end:start].strip()
    )


def _follows(text: str, end: int, after: _Word | None) -> str:
    return after.text if after is not None and _joined(text, end, after.start) else ""


def _word_before(words: Sequence[_Word], starts: Sequence[int], start: int) -> str:
    at = bisect_left(starts, start) - 1
    if at > 0 and words[at].text.lower() == "the":
        at -= 1
    return words[at].text if at >= 0 and start - words[at].end <= 5 else ""


def _countries(text: str, found: _Found) -> frozenset[str]:
    """Countries that the names found so far speak of."""
    votes: Counter[str] = Counter()
    for name in {text[a:b] for a, b in found.kinds}:
        known = places(name)
        if known and known[0].country:
            votes[known[0].country] += 1
    total = votes.total()
    return frozenset(c for c, n in votes.items() if n >= 2 or n / total > 0.3)


def _best(name: str, *, least: int) -> Candidate | None:
    """Find a place of exactly this name that is likely enough to be meant."""
    return next(
        (c for c in places(name) if c.how == "own" and c.weight >= least),
        next((c for c in places(name) if c.how == "alias" and c.weight >= least + 100), None),
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave off what does not belong to the name: "the", "'s", a small word for its kind."""
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ".)"):
        end -= 1
    while start < end and not text[start].isalnum():
        start += 1
    if text[start : start + 4].lower() == "the ":
        start += 4
    name = text[start:end]
    match = _ENDS.search(name)
    if match:
        end -= len(match.group())
    head, _, last = text[start:end].rpartition(" ")
    if head and last in _KIND_WORDS:
        end = start + len(head.rstrip())
    if text[end - 1 : end] == "." and text.count(".", start, end) == 1:
        end -= 1
    return start, end


class _Spans:
    """Spans of entities, asked whether one lies over a place in the text."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        spans = sorted((e.start, e.end) for e in entities)
        self._starts = [a for a, _ in spans]
        self._ends = [b for _, b in spans]

    def over(self, start: int, end: int) -> bool:
        at = bisect_right(self._ends, start)
        return at < len(self._starts) and self._starts[at] < end
