"""docs/scale.md, whole, from what was simulated. The same bytes for the same seed."""

from collections.abc import Iterable, Iterator, Mapping

from dev.scale import distribution, million
from dev.scale.advice import about
from dev.scale.facts import FACTS, READ
from dev.scale.keys import Template
from dev.scale.limits import AWS, DESIGN, OWN, SET, Limit, Scene, limits, seconds
from dev.scale.result import Result, splits, waiting
from dev.scale.stories import RARE
from dev.scale.traffic import CONFLICT, MAILS, MIX, QUEUES, conflicts, shared_between_tickets

SHOWN = 0.01  # share of a limit below which it is not worth a line
WORST = {OWN: "of the desk's own caps", SET: "of the settings", DESIGN: "of the design", AWS: "of AWS"}


def page(result: Result) -> str:
    parts = [head(result), *(rate(scene) for scene in result.scenes), advice(result), keys(result), letters(result)]
    parts += [many(result), stories(result.scenes[0].templates), assumed()]
    return "\n\n".join(parts) + "\n"


def table(titles: str, rows: Iterable[Iterable[object]]) -> str:
    """`titles` divided by |; one with a colon behind it is of figures."""
    names = [title.strip() for title in titles.split("|")]
    rule = "|".join("---:" if name.endswith(":") else "---" for name in names)
    lines = ["| " + " | ".join(name.rstrip(":") for name in names) + " |", f"|{rule}|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def short(number: float) -> str:
    """Three digits that count."""
    if number >= 100:
        digits = len(str(int(number)))
        return f"{round(number, 3 - digits):,.0f}"
    return f"{number:.3g}"


def percent(share: float) -> str:
    return f"{short(share * 100)} %"


def head(result: Result) -> str:
    return f"""# What comes first when more mail comes

Written by `./desk simulate` (seed {result.seed}); not to be changed by hand. The desk's stories are told once on the fake cloud, and what they write is
recorded; then seconds of traffic are made of them with new keys, and the units are added up for each partition of the table and of its
indexes. A change of the schema changes this page. Queues: {", ".join(f"{name} {share:.0%}" for name, share in QUEUES.items())} of the
mail; customers by Zipf's law; one is a mail loop. Nothing here has been tried against a real account, and limits that rest on assumptions (below) are as good as those.

What a limit gets is its load as if no other limit had been there; “from” is the rate of mails at which it is reached. Agents are taken to keep up with
the mail: at a thousand mails a second that would be tens of thousands of people, and without them only the letters' own share of the writes is left.

## In short

{first(result)}

The desk's own caps are there on purpose, settings and quotas are turned and asked for; what is left then is the design: **lists that are read whole**, and far behind it the
one partition in which each queue lists its open tickets. What the table as such gives is never the first thing that is missing."""


def first(result: Result) -> str:
    def cell(found: list[Limit], whose: str, rate: float) -> str:
        each = next(each for each in found if each.whose == whose)
        return f"{each.key}: {percent(each.share)}, from {short(rate / each.share)}"

    rows = (
        [f"{scene.rate:,g}", *(cell(limits(scene), whose, scene.rate) for whose in WORST)] for scene in result.scenes
    )
    return table("mails a second: | " + " | ".join(f"first {word}" for word in WORST.values()), rows)


def rate(scene: Scene) -> str:
    found = [each for each in limits(scene) if each.share >= SHOWN]
    rows = ([n, code(each.key), *figures(each, scene.rate), each.whose] for n, each in enumerate(found, 1))
    over = sum(each.share > 1 for each in found)
    return (
        f"## {scene.rate:,g} mails a second\n\n{over} of these are passed ({scene.heat.seconds} s simulated, "
        f"{sum(scene.heat.events.values()):,} stories).\n\n"
        + table("#: | limit | load: | of: | share: | from mails/s: | whose", rows)
    )


def figures(limit: Limit, at: float) -> list[str]:
    """Load, limit, share, and how much of what is `at` now reaches it."""
    load = f"{short(limit.load)} {limit.unit}"
    return [load, short(limit.most), percent(limit.share), short(at / limit.share)]


def code(key: str) -> str:
    return f"`{key}`" if ":" in key else key


def advice(result: Result) -> str:
    found = {each.key: each for scene in result.scenes for each in limits(scene) if each.share >= SHOWN}
    rows = ([code(key), about(key).then, about(key).turn] for key in found)
    return "## What happens then, and what to turn\n\n" + table("limit | what happens | what to turn", rows)


# -- keys


def keys(result: Result) -> str:
    return "\n\n".join(["## Keys", partitions(result), transactions(result), generators(result)])


def partitions(result: Result) -> str:
    """The hottest partition of each kind at each rate; the rates' columns are mean and peak."""
    found: dict[tuple[str, str], list[str]] = {}
    for scene in result.scenes:
        for hot in scene.written:
            found.setdefault((hot.place, hot.template), []).append(f"{short(hot.mean)} ({short(hot.peak)})")
    rates = [f"at {scene.rate:,g}:" for scene in result.scenes]
    rows = (
        [place, f"`{key}`", *cells, splits(result.scenes[0].templates, place, key)]
        for (place, key), cells in sorted(found.items())
        if len(cells) == len(rates)
    )
    intro = (
        "Write units a second of the hottest partition of each kind, mean (and the worst second). A partition gives 1,000; DynamoDB may split a hot one by its "
        "sort key where new rows do not all come at its end."
    )
    shown = table("place | partition | " + " | ".join(rates) + " | can it be split?", rows)
    return "\n\n".join([intro, shown, alone(result.scenes[-1])])


def alone(scene: Scene) -> str:
    """What the open list of the fullest queue gets where no agent does anything."""
    units = sum(
        scene.often(name) * each.units
        for name in MAILS
        for each in scene.templates[name].touches
        if (each.place, each.pk) == ("list", "O#{queue}")
    )
    mean = units * max(QUEUES.values())
    return (
        f"At {scene.rate:,g} mails a second letters alone, without a single agent at work, write {short(mean)} units a second to the open list of the "
        f"fullest queue; one queue takes about {short(1000 * scene.rate / mean)} mails a second in all then, and queues of equal size so many each."
    )


def transactions(result: Result) -> str:
    scene = result.scenes[-1]
    shared = shared_between_tickets(scene.heat)
    told = f"**{len(shared)}** items ({', '.join(f'`{each}`' for each in shared[:5])})" if shared else "none"
    loop = [each for item, each in conflicts(scene.heat).items() if item.startswith("T#") and item.endswith("| #")]
    many, close = max(loop, default=(0, 0))
    return (
        f"Items that the transactions of several tickets write, at {scene.rate:,g} mails a second: {told} (invariant 6). The mail loop's "
        f"ticket is written by {many} transactions in {scene.heat.seconds} s, {close} of them within {CONFLICT * 1000:g} ms of the one before: those are judged again."
    )


def generators(result: Result) -> str:
    rows = []
    for kind, (shards, parts, day) in result.generators.items():
        fair = "yes" if shards.fair and parts.fair else "**no**"
        spread = [
            f"{figure:.{digits}f}" for each in (shards, parts) for figure, digits in ((each.chi, 1), (each.fullest, 2))
        ]
        rows.append([kind, *spread, fair, "billions, or endless" if day > 1e9 else short(day)])
    intro = (
        f"How evenly {distribution.DRAWN:,} numbers of one day spread over the shards of timers and mails (`store.shard`) and over {distribution.PARTITIONS} partitions "
        "of the table (MD5 in place of DynamoDB's own hash): chi-square, and the fullest as a multiple of the mean. Fair is what one in a thousand fair draws does not exceed."
    )
    titles = "generator | shards, chi²: | fullest: | partitions, chi²: | fullest: | fair? | numbers a day:"
    return intro + "\n\n" + table(titles, rows)


def letters(result: Result) -> str:
    rows = []
    for scene in result.scenes:
        found = waiting(scene)
        rows.append([f"{scene.rate:,g}", found.functions, short(found.most), *found.waits, found.hour])
    intro = "How long letters wait for a function that takes them in (first come, first served; the seconds are those of the stories below):"
    titles = "mails/s: | functions: | they take, mails/s: | half wait up to, s: | 99 of 100, s: | after an hour of it"
    return "## Letters that wait\n\n" + intro + "\n\n" + table(titles, rows)


# -- ten million


def many(result: Result) -> str:
    found = million.limits(result.weight, result.customer)
    rows = ([each.key, *figures(each, million.TICKETS), about(each.key).then, about(each.key).turn] for each in found)
    weights = table("what | weighs", million.sizes(result.weight))
    titles = "limit | load: | of: | share: | from tickets: | what happens | what to turn"
    return f"""## Ten million tickets

First comes **{found[0].key}**, from {short(million.TICKETS / found[0].share)} tickets. Rights, mail, lock, reply and open lists do not know how many closed tickets there are.

{table(titles, rows)}

What they weigh, from the items that one ticket left behind ({result.weight.letters} articles; 100 bytes for each item included, as the bill has it):

{weights}"""


# -- what it rests on


def stories(templates: Mapping[str, Template]) -> str:
    rows = [(name, f"{share:g}", *story(templates[name])) for name, share in MIX.items()]
    titles = "story | for each mail: | writes to the table: | list: | customer: | due: | reads: | mails: | seconds:"
    return (
        "## The stories\n\nAs recorded: write and read units of each, mails that leave, seconds of a function (its calls at the times below). "
        "A known customer's letter is one that asks nearly what he asked before, which costs most. "
        f"Not simulated, because they happen seldom: {', '.join(f'{what} (`{key}`)' for key, what in RARE.items())}.\n\n"
        + table(titles, rows)
    )


def story(of: Template) -> Iterator[str]:
    for place in ("table", "list", "customer", "due"):
        yield str(sum(each.units for each in of.touches if each.place == place))
    yield f"{sum(each.reads for each in of.touches):g}"
    yield str(of.mails)
    yield f"{seconds(of):.2f}"


def assumed() -> str:
    rows = (
        [name, f"{fact.value:,g} {fact.unit}", fact.source, f"read {READ}" if fact.confirmed else "not confirmed here"]
        for name, fact in FACTS.items()
    )
    return (
        "## Quotas and assumptions\n\nQuotas were read in stored copies of the pages named. SES states no limit for the rate at which it takes mail in; that there is "
        "none is not confirmed here. Times of calls are assumed; `./desk bench` counts calls, not AWS's time.\n\n"
        + table("what | figure | source | confirmed", rows)
    )
