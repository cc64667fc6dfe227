"""Lists: `python -m tests.bench.lists [N]` times pages and searches among N delegates; the last line is the figure."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group
from eventmgr.services import delegate_lists
from eventmgr.services.delegate_keys import fill_keys, ranks_of
from tests.bench.figures import tell
from tests.conftest import fill as prepare
from tests.conftest import settings_for

ROUNDS = 60
FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Y",
    "A",
]
MIDDLE = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Xuân", "Thùy"]
GIVEN = [
    "An",
    "Ánh",
    "Ân",
    "Bình",
    "Dung",
    "Dũng",
    "Đạt",
    "Đô",
    "Đông",
    "Hà",
    "Hằng",
    "Hùng",
    "Lan",
    "Mửi",
    "Nga",
    "Ngà",
    "Pớt",
    "Sơn",
    "Thùy",
    "Thủy",
    "Thúy",
    "Trung",
    "Tuấn",
    "Yến",
]
POSTS = ("Giám đốc", "Phó Giám đốc", "Trưởng phòng", "Chuyên viên", "Phó Chủ tịch UBND huyện", "Chánh Văn phòng")
SEARCHES = ("nga", "Ngà", "tran thi nga", "dang van dat", "so ldtbxh giam doc", "chuyen vien", "zzz")


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="eventmgr-bench-"))
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'lists.db'}"))
    prepare(app)
    with app.app_context():
        conference = db.session.scalars(sa.select(Conference)).one()
        started = time.perf_counter()
        fill(conference.id, count)
        print(f"{count} delegates made in {time.perf_counter() - started:.1f} s")
        draw = random.Random(2809)
        last = count // 50
        opened = timed(
            "page", lambda: delegate_lists.delegate_page(
                conference.id, order=draw.choice(delegate_lists.ORDERS), number=draw.randint(1, last)
            )
        )  # fmt: skip
        first = timed("first page by rank", lambda: delegate_lists.delegate_page(conference.id))
        found = timed("search", lambda: delegate_lists.delegate_page(conference.id, draw.choice(SEARCHES)))
        ids = [row.delegate.id for row in delegate_lists.delegate_page(conference.id).rows]
        moved = timed(
            "move by hand", lambda: delegate_lists.move(conference.id, draw.choice(ids), 1, to=draw.randint(1, 50))
        )
        tell(list_page=opened[1], list_search=found[1])
        print(
            f"{count} delegates on SQLite: any page p50 {opened[0]:.0f} ms, p95 {opened[1]:.0f} ms; first page p95 {first[1]:.0f} ms; "
            f"search p50 {found[0]:.0f} ms, p95 {found[1]:.0f} ms; move p95 {moved[1]:.0f} ms"
        )


def fill(conference_id: int, count: int) -> None:
    """Add delegates with names, posts and bodies drawn the same way each time."""
    draw = random.Random(2015)
    groups = db.session.scalars(sa.select(Group).where(Group.conference_id == conference_id)).all()
    bodies = db.session.scalars(sa.select(Body).where(Body.conference_id == conference_id)).all()
    with transaction():
        ranks = ranks_of(conference_id)
        for _ in range(count):
            group, body, post = draw.choice(groups), draw.choice(bodies), draw.choice(POSTS)
            one = Delegate(
                conference_id=conference_id,
                group_id=group.id,
                body_id=body.id,
                address_form="đồng chí",
                full_name=f"{draw.choice(FAMILY)} {draw.choice(MIDDLE)} {draw.choice(GIVEN)}",
                posts=[post],
                first_post=post,
                created_at=clock.now(),
            )
            fill_keys(one, ranks, body, group)
            db.session.add(one)


def timed(what: str, act: Callable[[], object]) -> tuple[float, float]:
    """Do something often and return its median and 95th percentile in ms."""
    act()
    times = []
    for _ in range(ROUNDS):
        db.session.close()
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
    return p50, p95


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
