"""Whom do the phrases of a sentence name as killed or hurt, and how many are they?

What one phrase coordinates is counted together; a number within it that is one of its parts, an
age or a spell of time counts nobody.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from geo.extract.numbers import Number, numbers, ordinal
from geo.extract.people import are_people, is_pair, is_person
from geo.extract.syntax import Syntax

_UNREAL = frozenset(("could", "would", "might", "may", "will", "can", "to", "should", "must"))
_NOBODY = frozenset(("nobody", "none"))
_NO, _ONE = frozenset(("no",)), frozenset(("a", "an", "another"))
_ONE_OF_THEM = frozenset(("him", "her", "he", "she"))
_WHO = frozenset(("who", "that", "which", "whom"))
_WHOLES = frozenset(("total", "family", "group", "crew", "team", "party", "number", "patrol"))
_OF_ALL = frozenset(
    ("them", "whom", "these", "those", "dead", "wounded", "injured", "victims", "killed", "us")
)
_NO_PEOPLE = re.compile(
    r"(?:cattle|cows?|goats?|sheep|animals?|livestock|camels?|dogs?|horses?|pigs?|birds?|"
    r"elephants?|times|shots?|bullets?|wounds?|"
    r"injuries|homes?|houses?|villages?|famil(?:y|ies)|buildings?|kilomet\w+|miles?|percent|cent|"
    r"total|party|number|group|majority|crowd|convoy|crew|patrol|team|unit|handful|fraction|third|half|"
    r"part|company|economy|deal|bill|car|bus|truck|lorry|vehicles?|blow)",
    re.IGNORECASE,
)
_COUNTING = ("nummod", "amod", "det", "compound", "nmod", "advmod")
_SPELLS = re.compile(r"(?:second|minute|hour|day|week|month|year)s?", re.IGNORECASE)
_SUBJECTS = ("nsubjpass", "nsubj")
PREDICATES = ("xcomp", "oprd", "acomp", "ccomp", "advmod", "dobj", "prt")
# from here on a count of deaths is a number in a row
_IN_A_ROW = 3
# no phrase lists so many
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One of those whom a phrase names: its word, and how many it says they are."""

    at: int
    value: int | str
    low: int | None
    high: int | None
    number: Number | None


class Phrases:
    """One sentence with its grammar and the numbers in it that are not yet taken."""

    def __init__(self, syntax: Syntax, span: tuple[int, int], said: Collection[Number]) -> None:
        self.syntax = syntax
        self.words = syntax.within(*span)
        self._numbers = {at: n for n in said for at in syntax.within(n.start, n.end)}

    def number(self, head: int) -> Number | None:
        """Find the number that counts what a word names, or that it is itself."""
        of = self.syntax
        if head in self._numbers:
            return self._numbers[head]
        counted = of.governed(head, *_COUNTING)
        counted += [n for at in counted for n in of.governed(at, *_COUNTING)]
        found = next((self._numbers[at] for at in counted if at in self._numbers), None)
        return found or self._misread(head)

    def _misread(self, head: int) -> Number | None:
        """Find a number that stands before a phrase and is read as one of the day before it."""
        of = self.syntax
        before = min([head, *of.governed(head, "compound", "amod")]) - 1
        if before not in self._numbers or not are_people(of.word(head)):
            return None
        return self._numbers[before] if of.head(before) < before else None

    def is_number(self, at: int) -> bool:
        """Whether a word is a number that names nobody."""
        return at in self._numbers

    def sufferers(self, verb: int, *, dies: bool) -> list[int]:
        """Find the heads of the phrases whose people a verb kills or hurts."""
        of = self.syntax
        passive, active = of.governed(verb, "nsubjpass"), of.governed(verb, "nsubj")
        objects = of.governed(verb, "dobj")
        if dies or passive:
            found = passive or active
        elif objects:
            return objects
        elif of.label(verb) in ("acl", "amod"):
            return [of.head(verb)]
        else:
            found = [at for at in active if self.number(at) is not None]
        if not found and of.label(verb) in ("conj", *PREDICATES):
            return [] if self._counts_itself(verb) else self._inherited(verb, dies=dies)
        if found and of.word(found[0]).casefold() in _WHO:
            return [of.head(verb)] if of.label(verb) == "relcl" else []
        return found

    def _counts_itself(self, verb: int) -> bool:
        """Whether a participle has its own number before it: "ten killed and three injured"."""
        of = self.syntax
        # "three thousand wounded" is two words
        before = " ".join(of.word(at) for at in range(max(0, verb - 2), verb))
        counted = any(n.end == len(before) for n in numbers(before))
        return counted or (verb > 0 and self.number(verb - 1) is not None)

    def _inherited(self, verb: int, *, dies: bool) -> list[int]:
        """Take the subject of a verb that this one is said with: "were shot and killed"."""
        of, above = self.syntax, self.syntax.head(verb)
        if of.label(verb) != "conj":
            return of.governed(above, "dobj") or of.governed(above, *_SUBJECTS)
        found = of.governed(above, *(_SUBJECTS if dies else ("nsubjpass",)))
        if found and of.word(found[0]).casefold() in _WHO and of.label(above) == "relcl":
            return [of.head(above)]
        return found

    def is_real(self, verb: int) -> bool:
        """Whether a verb tells what was: not what may be, nor what was not."""
        beside = self.syntax.governed(verb, "aux", "neg")
        words = {self.syntax.word(at).casefold() for at in beside}
        # "are known to have died"
        reported = "have" in words and "to" in words
        negated = any(self.syntax.label(at) == "neg" for at in beside)
        return not negated and not (words - {"to"} if reported else words) & _UNREAL

    def people(self, head: int, *, in_a_row: bool) -> list[Member]:
        """List whom a phrase names, each part of a coordination for itself."""
        of = self.syntax
        if self.number(head) is None and not self._is_listed(head):
            # a dateline is read as the subject, and the subject as words that stand beside it
            beside = [n for n in of.governed(head, "appos") if self.number(n) is not None]
            head = beside[0] if beside else head
        if of.word(head).casefold() in _WHOLES:
            # "a total of twelve people", "a family of five"
            held = [n for p in of.governed(head, "prep") for n in of.governed(p, "pobj")]
            head = next((n for n in held if self.number(n) is not None), head)
        heads, at = [head], 0
        while at < len(heads) and len(heads) < _MOST_LISTED:
            named = () if self.number(heads[at]) else of.governed(heads[at], "appos")
            listed = [n for beside in (heads[at], *named) for n in of.governed(beside, "conj")]
            # "a father, mother and their four children", read as a father who is a mother
            beside = [n for n in named if of.governed(n, "conj") and self._is_listed(n)]
            heads += [n for n in (*beside, *listed) if n in self.words and n not in heads]
            at += 1
        heads += [n for n in self._objects(head) if n in self.words]
        first = self._member(head, in_a_row=in_a_row)
        others = [m for n in heads[1:] if (m := self._member(n)) is not None]
        if first is None and others and of.word(head).casefold() in _ONE_OF_THEM:
            # "him and his driver"
            first = Member(head, 1, 1, 1, None)
        return [first, *others] if first is not None else []

    def _objects(self, head: int) -> list[int]:
        """List what "and" joins to an object, where it is read as joined to the verb."""
        of = self.syntax
        if of.label(head) != "dobj":
            return []
        return [
            n
            for n in of.governed(of.head(head), "conj")
            if n > head
            and self._is_listed(n)
            and of.governed(n, "det", "poss", "nummod")
            and not of.governed(n, "acl", "nsubj", "relcl")
        ]

    def _is_listed(self, at: int) -> bool:
        """Whether a word names people by a common noun: "his wife", not "head of the group"."""
        of, word = self.syntax, self.syntax.word(at)
        known = is_person(word) or are_people(word)
        ruled = any(of.word(n) == "of" for n in of.governed(at, "prep"))
        return known and word.islower() and not ruled

    def _member(self, head: int, *, in_a_row: bool = False) -> Member | None:
        of = self.syntax
        word, number = of.word(head), self.number(head)
        if _SPELLS.fullmatch(word):
            # "killed a pilot minutes after he had landed", read as the minutes of a pilot
            said = [n for n in of.governed(head, "compound") if is_person(of.word(n))]
            return Member(said[-1], 1, 1, 1, None) if said and self._has(head, _ONE) else None
        if _NO_PEOPLE.fullmatch(word) or word.casefold() in _NOBODY or self._has(head, _NO):
            return None
        if number is not None:
            part = self.is_part(head)
            return None if part else Member(head, number.value, number.low, number.high, number)
        many = self._uncounted(head, in_a_row=in_a_row)
        return Member(head, many, many, many, None) if many else None

    def _uncounted(self, head: int, *, in_a_row: bool) -> int:
        """Say how many a word without a number names: the fifth is five, a man is one."""
        of, word = self.syntax, self.syntax.word(head)
        row = ordinal(of.before(of.start(head))) or 0
        if row >= _IN_A_ROW and in_a_row:
            return row
        if is_pair(word):
            return 2
        return int(is_person(word) or self._has(head, _ONE) or self._is_name(head))

    def _has(self, head: int, words: Collection[str]) -> bool:
        return any(
            self.syntax.word(n).casefold() in words for n in self.syntax.governed(head, "det")
        )

    def _is_name(self, head: int) -> bool:
        """Whether a word is the last of a person's name, as its companions show."""
        of = self.syntax
        word = of.word(head)
        if not word[:1].isupper() or are_people(word) or of.governed(head, "det"):
            return False
        told = of.governed(head, "compound", "appos")
        return any(of.word(at)[:1].isupper() or is_person(of.word(at)) for at in told)

    def is_part(self, head: int) -> bool:
        """Whether a count is one of people who were counted before: "two of them"."""
        of = self.syntax
        return any(
            of.word(at).casefold() == "of"
            and any(of.word(n).casefold() in _OF_ALL for n in of.governed(at, "pobj"))
            for at in of.governed(head, "prep")
        )
