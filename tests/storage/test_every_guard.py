"""Every guard of the books refuses what it was made for, with its own sentence, when something is written past the acts.

A guard that nothing provokes fails the test, so that a new one comes with its provocation in tests/storage/provocations.py.
"""

import pytest
import sqlalchemy as sa

from storage.schema.all_guards import GUARDS
from storage.schema.guards import POSTGRESQL, SQLITE
from tests.storage.past import said, unchecked
from tests.storage.provocations_of_edges import PROVOKED
from tests.storage.scene import Scene

# Guards that nothing can provoke, and why.
UNPROVOKABLE: dict[str, str] = {}
# What breaks one of these breaks others too, and a database may ask those first.
OTHERS = {
    "seal_break_sealed": {"opening_here"},
    "seal_break_kind": {"opening_here"},
    "inspection_facts": {"inspection_says_why"},
    "packing_facts": {"packing_adds_up"},
    "unpacking_facts": {"unpacking_of_packing"},
    "arrival_facts": {"arrival_of_consignment"},
    "return_facts": {"return_of_consignment"},
    "reprint_receipt_facts": {"receipt_of_request"},
    "count_sheet_facts": {"sheet_of_count"},
    "count_acceptance_facts": {"acceptance_of_two"},
}
BY_NAME = {guard.name: guard for guard in GUARDS}


@pytest.fixture
def scene(product: str, request: pytest.FixtureRequest) -> Scene:
    """One for all, for what is provoked is never kept."""
    made: Scene = request.getfixturevalue("one_scene" if product == SQLITE else "one_scene_on_server")
    return made


def refusal(scene: Scene, name: str, *, alone: bool = False) -> str:
    """How the database refuses the provocation; alone: when no other trigger looks at what is written. Nothing of it is kept."""
    with unchecked(), pytest.raises(sa.exc.IntegrityError) as refused, scene.depot.database.write() as connection:
        if alone:
            of_table = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table AND sql LIKE '%BEFORE INSERT%'"
            for other in connection.scalars(sa.text(of_table), {"table": BY_NAME[name].table}).all():
                if other != name:
                    connection.execute(sa.text(f"DROP TRIGGER {other}"))
        PROVOKED[name](scene, connection)
        pytest.fail("nothing refused it")
    return said(refused.value)


@pytest.mark.parametrize(
    ("product", "name"),
    [(product, name) for product in (SQLITE, POSTGRESQL) for name in PROVOKED if BY_NAME[name].condition(product) is not None],
    indirect=["product"],
)
def test_what_a_guard_is_for_is_refused(scene: Scene, name: str) -> None:
    names = {name} | OTHERS.get(name, set())
    assert refusal(scene, name) in {BY_NAME[each].message for each in names}


@pytest.mark.parametrize("product", [SQLITE], indirect=True)
def test_each_guard_refuses_by_itself_and_nothing_is_kept(scene: Scene) -> None:
    with scene.depot.database.read() as connection:
        before = connection.execute(sa.text("SELECT count(*), max(id) FROM stock_event")).one()
    assert {name: refusal(scene, name, alone=True) for name in PROVOKED} == {name: BY_NAME[name].message for name in PROVOKED}
    with scene.depot.database.read() as connection:
        assert connection.execute(sa.text("SELECT count(*), max(id) FROM stock_event")).one() == before
    assert scene.depot.faults() == []


def test_every_guard_is_provoked() -> None:
    assert PROVOKED.keys() | UNPROVOKABLE.keys() == {guard.name for guard in GUARDS}
    assert not PROVOKED.keys() & UNPROVOKABLE.keys()
    assert OTHERS.keys() <= PROVOKED.keys()
