"""Which expressions say when, and which rule says what they mean?"""

from __future__ import annotations

import re

from geo.extract.months import (
    decade,
    months,
    part_of_unit,
    season,
    unit,
    whole_month,
    whole_year,
)
from geo.extract.spells import (
    Rule,
    ago,
    before_told,
    coming_days,
    counted_from_before,
    day_of_month,
    day_of_year,
    days_before_told,
    days_of_month,
    days_of_this_month,
    days_of_two_months,
    feast,
    hour,
    iso_day,
    near_day,
    night_to,
    past_days,
    slashed_day,
    some_days,
    the_weekend,
    two_weekdays,
    weekday,
    weekday_of_last_week,
    weekdays,
    weekend_before,
)

_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|"
    r"December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<{0}>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>1[89][0-9]{{2}}|20[0-9]{{2}})"
_DASH = r"\s*(?:-|–|—|to|until|till|through|and)\s*"
_WEEKDAY = (
    r"(?P<{0}>(?-i:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    r"Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun))"
)
_COUNT = (
    r"(?P<n>\d{1,3}|a couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|twenty|thirty|forty|fifty)"
)
_HOURS = (
    r"(?:early |late |mid-?)?(?:dawn|morning|noon|midday|afternoon|evening|dusk|night|midnight|"
    r"the small hours)"
)
# of a month: its beginning, its middle or its end
_THIRD = r"(?P<third>(?:early|late|mid)|(?:at )?the (?:beginning|start|middle|end) of)[- ](?:in )?"
_CLOCK = r"\d{1,2}(?:[:.]\d\d)?\s?(?:a\.?m\b\.?|p\.?m\b\.?|o['’]clock)"
_TURN = (
    r"(?:dawn|daybreak|sunrise|first light|noon|midday|midnight|dusk|sunset|nightfall|dark|"
    r"daylight)"
)
_PART = r"(?:early |late |mid-?)?(?P<part>morning|afternoon|evening|night)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)


def _m(name: str) -> str:
    return _MONTH.format(name)


def _d(name: str) -> str:
    return _DAY.format(name)


_OPTIONAL_YEAR = rf"(?:,?\s+(?:of\s+)?{_YEAR.format('y')})?"
RULES: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (_compiled(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"), iso_day),
    (_compiled(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"), slashed_day),
    (
        _compiled(rf"{_d('d')}\s+{_m('m')}{_DASH}{_d('e')}\s+{_m('k')}{_OPTIONAL_YEAR}"),
        days_of_two_months,
    ),
    (
        _compiled(rf"{_m('m')}\s+{_d('d')}{_DASH}{_m('k')}\s+{_d('e')}{_OPTIONAL_YEAR}"),
        days_of_two_months,
    ),
    (_compiled(rf"{_d('d')}(?:{_DASH}|/){_d('e')}\s+{_m('m')}{_OPTIONAL_YEAR}"), days_of_month),
    (_compiled(rf"{_m('m')}\s+{_d('d')}{_DASH}{_d('e')}{_OPTIONAL_YEAR}"), days_of_month),
    (_compiled(rf"{_d('d')}\s+(?:of\s+)?{_m('m')}{_OPTIONAL_YEAR}"), day_of_year),
    (_compiled(rf"{_m('m')}\s+(?:the\s+)?{_d('d')}{_OPTIONAL_YEAR}"), day_of_year),
    (
        _compiled(
            rf"(?:between|from|the\s+night\s+of)\s+(?:early\s+|late\s+)?{_WEEKDAY.format('w')}"
            rf"(?:\s+{_HOURS})?{_DASH}(?:{_HOURS}\s+(?:on\s+|of\s+)?|\w+\s+)?"
            rf"{_WEEKDAY.format('v')}(?:\s+{_HOURS})?"
        ),
        weekdays,
    ),
    (
        _compiled(
            rf"{_WEEKDAY.format('w')}(?:\s+{_HOURS})?\s+into\s+(?:{_HOURS}\s+(?:on\s+|of\s+)?)?"
            rf"{_WEEKDAY.format('v')}(?:\s+{_HOURS})?"
        ),
        weekdays,
    ),
    (
        _compiled(
            rf"(?:(?P<which>last|past|this|next|coming)\s+)?{_WEEKDAY.format('w')}(?:['’]s)?"
            rf"(?:\s+{_PART})?(?P<gone>\s+last(?!\s+(?:\w+day|week|month|year|night|\w+ember)))?"
        ),
        weekday,
    ),
    (
        _compiled(
            rf"{_WEEKDAY.format('w')}(?:\s+{_HOURS})?\s+and\s+(?:(?:then|again|once more)\s+)?"
            rf"(?:\w+\s+)?{_WEEKDAY.format('v')}(?:\s+{_HOURS})?"
        ),
        two_weekdays,
    ),
    (
        _compiled(
            rf"(?:(?:in|during|on|over)\s+)?(?:the\s+night|overnight)\s+(?:in)?to\s+"
            rf"{_WEEKDAY.format('v')}(?:\s+morning)?"
        ),
        night_to,
    ),
    (
        _compiled(
            rf"(?:that|(?:the|that)\s+same|(?-i:Same)|(?<=, )same|"
            rf"the\s+(?:next|following|previous|preceding))\s+"
            rf"(?:very\s+)?(?:{_PART}|day|afternoon|noon|forenoon|dawn)|"
            rf"(?:a|the)\s+(?:night|morning|evening)\s+(?:earlier|later)|the\s+(?:day|night|evening)\s+(?:before|after)|"
            rf"(?:a|one)\s+day\s+(?:earlier|later)|(?:some\s+|a\s+few\s+)?(?:minutes|hours|moments)\s+"
            rf"(?:earlier|later|afterwards?|before)|the\s+same\s+(?:hour|time)"
        ),
        counted_from_before,
    ),
    (
        _compiled(
            rf"(?:{_COUNT}|(?P<one>the))\s+(?P<unit>day|night|week)s?\s+after"
            r"(?=\s+(?!tomorrow|that\b|which\b|[A-Z]?\w+day\b)\w)"
        ),
        days_before_told,
    ),
    (_compiled(r"the\s+weekend\s+before|the\s+previous\s+weekend"), weekend_before),
    (_compiled(r"(?:(?:at|over|during|on)\s+|(?<=since ))the\s+weekend(?!\s+before)"), the_weekend),
    (
        _compiled(
            rf"(?:(?P<before>a\s+week\s+(?:ago|earlier)\s+)(?:on\s+)?{_WEEKDAY.format('w')}|"
            rf"{_WEEKDAY.format('v')}(?:\s+{_PART})?\s+(?:of\s+)?last\s+week|"
            rf"last\s+week,?\s+on\s+{_WEEKDAY.format('u')})"
        ),
        weekday_of_last_week,
    ),
    (
        _compiled(
            rf"{_COUNT}\s+(?P<unit>night|evening|morning|day|week)s?\s+(?:before|previously)"
            r"(?!\s+(?:the|his|her|a)\s)"
        ),
        before_told,
    ),
    (_compiled(r"(?:on\s+)?the\s+eve(?:\s+of)?"), before_told),
    (
        _compiled(r"(?<=on )the\s+(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)(?!\s+\w*(?:day|century))"),
        day_of_month,
    ),
    (
        _compiled(
            r"(?:(?<=since )|(?<=by )|(?<=until )|(?<=till )|(?<=from )|(?<=of ))"
            r"the\s+(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)"
            r"(?=[,.;:)]|\s*$|\s+(?:and|at|in|near|when|after|as|on|while|with|to|until|onwards?)\b)"
        ),
        day_of_month,
    ),
    (
        _compiled(
            r"(?:from|between)\s+the\s+(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)"
            rf"{_DASH}(?:the\s+)?(?P<e>[12]?\d|3[01])(?:st|nd|rd|th)(?!\s+centur)"
        ),
        days_of_this_month,
    ),
    (_compiled(r"Christmas (?:Eve|Day)|Boxing Day|New Year['’]s (?:Eve|Day)"), feast),
    (
        _compiled(
            r"(?:(?:over|in|during|within|for)\s+)(?:the\s+)?(?:last|past|recent|previous)\s+(?:few\s+|several\s+)?"
            r"(?P<unit>day|week)s"
        ),
        some_days,
    ),
    (
        _compiled(r"(?P<which>last|this)\s+(?P<s>spring|summer|autumn|fall|winter)"),
        season,
    ),
    (
        # "in the fall of the city", "in Fall River" tell of no season
        _compiled(
            r"(?:(?<=in )|(?<=by )|(?<=for )|(?<=since ))(?P<which>(?!))?(?:the\s+)?"
            r"(?P<s>(?-i:spring|summer|autumn|fall|winter))(?!\s+of\b)"
        ),
        season,
    ),
    (
        _compiled(
            r"(?:at\s+|in\s+)?the\s+(?P<part>beginning|start|end|first\s+days)\s+of\s+the\s+"
            r"(?P<unit>week|month|year)"
        ),
        part_of_unit,
    ),
    (_compiled(r"the\s+(?:\w+\s+)?(?P<y>1[89]\d0|20\d0)s"), decade),
    (_compiled(rf"(?P<third>)(?P<which>last\s+){_m('m')}" + r"(?P<y>(?!))?"), whole_month),
    (
        _compiled(
            r"the day before yesterday|the day after tomorrow|"
            rf"(?:earlier |later )?(?:today|yesterday|tomorrow)(?:['’]s)?(?:\s+{_PART})?|"
            r"tonight|last night|overnight(?!\s+(?:from|between)\s)|"
            r"(?:during|in|through) the night(?! (?:of|to|from)\b)|"
            r"the previous day|(?:over|in|during|within) the (?:last|past) day|"
            r"(?:earlier |later )?(?:this|in the early hours of this) (?:morning|afternoon|evening)"
        ),
        near_day,
    ),
    (
        _compiled(
            rf"{_COUNT}\s+(?P<unit>hour|day|night|week|month|year|decade)s?\s+"
            r"(?P<how>ago|earlier(?!\s+this)|later|afterwards|after(?=\s+that\b)|on(?=,))"
        ),
        ago,
    ),
    (
        _compiled(
            rf"(?:over|in|during|within|for)\s+the\s+(?:last|past)\s+{_COUNT}\s+"
            r"(?P<unit>hour|day|week|month)s?"
        ),
        past_days,
    ),
    (
        _compiled(
            r"(?:earlier |later |late |early |the end of )?(?:the )?"
            r"(?P<which>last|this|next|previous|past|coming)\s+"
            r"(?P<unit>weekend|week|month|year)"
        ),
        unit,
    ),
    (
        _compiled(
            rf"{_THIRD}(?P<which>last\s+)?{_m('m')}"
            rf"(?:,?\s+{_YEAR.format('y')}|\s+(?:of\s+)?(?P<rel>last|this|next)\s+year)?"
        ),
        whole_month,
    ),
    (
        # "may" and "march" are verbs as well: a month stands after a preposition or before a year
        _compiled(
            rf"(?:(?<=in )|(?<=since )|(?<=until )|(?<=of )|(?<=by )|(?<=during )|(?<=from ))"
            rf"(?P<third>)(?P<which>last\s+)?{_m('m')}"
            rf"(?:,?\s+{_YEAR.format('y')}|\s+(?:of\s+)?(?P<rel>last|this|next)\s+year)?"
        ),
        whole_month,
    ),
    (
        _compiled(rf"(?P<third>)(?P<which>)(?-i:{_m('m')}),?\s+{_YEAR.format('y')}"),
        whole_month,
    ),
    (
        # names of months that are no names of people
        _compiled(
            r"(?P<third>)(?P<which>)(?P<y>(?!))?(?-i:"
            r"(?P<m>January|February|July|September|October|November|December))(?!\s+\d)"
        ),
        whole_month,
    ),
    (
        _compiled(
            rf"(?:between|from)\s+(?-i:{_m('m')})\s+(?:and|to|until)\s+(?-i:{_m('k')})"
            rf"(?:,?\s+{_YEAR.format('y')})?"
        ),
        months,
    ),
    (_compiled(r"in (?:the )?coming days|in the next few days"), coming_days),
    (
        _compiled(
            rf"(?:(?:(?:shortly|just|soon|right|long|until|by|at|around|about|before|after|towards?|from)"
            rf"\s+){{1,2}}(?:about\s+|around\s+)?(?:{_TURN}|{_CLOCK}|\d\d[:.]\d\d)"
            r"(?:\s+in\s+the\s+(?:morning|afternoon|evening))?|"
            r"(?:(?:early|late)\s+)?in\s+the\s+(?:early\s+|late\s+)?"
            r"(?:morning|afternoon|evening|small hours|middle of the night)|"
            r"during\s+the\s+(?:morning|afternoon|evening)|at\s+night|by\s+(?:morning|evening))"
            r"(?!,?\s+(?:local time\s+)?(?:on|of|into|to|yesterday|today|this|last|the)\b|"
            r",?\s+(?:local time\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s+\d|\s+and\s+\d)"
        ),
        hour,
    ),
    (
        _compiled(
            rf"(?:(?<=in )|(?<=since )|(?<=of )|(?<=from )|(?<=after )|(?<=during )|(?<=by )|"
            rf"(?<=between )|(?<=until )|(?<=before ))"
            rf"{_YEAR.format('y')}"
        ),
        whole_year,
    ),
)
