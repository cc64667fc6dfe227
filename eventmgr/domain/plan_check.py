"""What cannot be seen field by field in a plan file: doubled keys and references to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eventmgr.domain.plan_parts import ItemFacts, Plan

_Place = tuple[str, str]  # where in the file, and the key that stands there


def check_references(plan: Plan) -> list[str]:
    """Return a sentence for each key that stands twice and for each reference to a key that is nowhere."""
    problems: list[str] = []
    for keys in _keys(plan):
        problems += _doubled(keys)
    for what, known, places in _references(plan):
        problems += [f"{place}: không có {what} “{key}”." for place, key in places if key and key not in known]
    problems += _doubled((f"ranks[{n}].value", str(rank.value)) for n, rank in enumerate(plan.ranks))
    return problems


def _doubled(places: Iterable[_Place]) -> list[str]:
    first: dict[str, str] = {}
    problems = []
    for place, key in places:
        if key and key in first:
            problems.append(f"{place}: “{key}” bị trùng với {first[key]}.")
        first.setdefault(key, place)
    return problems


def _keys(plan: Plan) -> Iterator[list[_Place]]:
    yield [(f"bodies[{n}].key", body.key) for n, body in enumerate(plan.bodies)]
    yield [(f"groups[{n}].key", group.key) for n, group in enumerate(plan.groups)]
    yield [(f"{place}.key", key) for place, key in _posts(plan)]
    yield [(f"{place}.key", item.key) for place, item in _items(plan)]
    yield [(f"tasks[{n}].key", task.key) for n, task in enumerate(plan.tasks)]
    yield [(f"documents[{n}].key", paper.key) for n, paper in enumerate(plan.documents)]
    yield [(f"budget[{n}].key", line.key) for n, line in enumerate(plan.budget)]
    yield [(f"awards[{n}].key", award.key) for n, award in enumerate(plan.awards)]
    yield [(f"oddities[{n}].key", oddity.key) for n, oddity in enumerate(plan.oddities)]


def _references(plan: Plan) -> Iterator[tuple[str, set[str], list[tuple[str, str | None]]]]:
    bodies = {body.key for body in plan.bodies}
    items = {item.key for _, item in _items(plan)}
    yield (
        "cơ quan",
        bodies,
        [
            ("conference.standing_body", plan.conference.standing_body),
            *((f"bodies[{n}].parent", body.parent) for n, body in enumerate(plan.bodies)),
            *(
                (f"groups[{g}].members[{m}].body", member.body)
                for g, group in enumerate(plan.groups)
                for m, member in enumerate(group.members)
            ),
            *((f"implied[{n}].body", implied.body) for n, implied in enumerate(plan.implied)),
            *((f"{place}.body", item.body) for place, item in _items(plan)),
            *((f"tasks[{n}].body", task.body) for n, task in enumerate(plan.tasks)),
        ],
    )
    yield (
        "nhóm",
        {group.key for group in plan.groups},
        [(f"implied[{n}].group", implied.group) for n, implied in enumerate(plan.implied)],
    )
    yield (
        "nội dung",
        items,
        [
            *((f"tasks[{n}].item", task.item) for n, task in enumerate(plan.tasks)),
            *((f"documents[{n}].item", paper.item) for n, paper in enumerate(plan.documents)),
        ],
    )
    yield (
        "nhiệm vụ",
        {task.key for task in plan.tasks},
        [(f"tasks[{n}].conflicts_with", task.conflicts_with) for n, task in enumerate(plan.tasks)],
    )
    yield (
        "nguồn kinh phí",
        {line.key for line in plan.budget},
        [(f"awards[{n}].funded_by", award.funded_by) for n, award in enumerate(plan.awards)],
    )


def _posts(plan: Plan) -> Iterator[_Place]:
    for g, group in enumerate(plan.groups):
        for m, member in enumerate(group.members):
            for p, post in enumerate(member.posts):
                yield f"groups[{g}].members[{m}].posts[{p}]", post.key


def _items(plan: Plan) -> Iterator[tuple[str, ItemFacts]]:
    for n, item in enumerate(plan.agenda.items):
        yield f"agenda.items[{n}]", item
        for s, sub in enumerate(item.sub_items):
            yield f"agenda.items[{n}].sub_items[{s}]", sub
