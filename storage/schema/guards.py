"""How the database itself holds the rules of the books: each guard is one refusing condition on a row that is about to be inserted.

A guard is written once, in SQL that SQLite and PostgreSQL both understand, with NEW for the row. It becomes a trigger in either, and
`main.py check` asks the same condition of every row that is there. The guards stand in storage/schema/ledger_guards.py, stock_guards.py
and goods_guards.py; the same rules in plain Python, with sentences for people, in storage/rules and storage/stock.
"""

from dataclasses import dataclass

SQLITE, POSTGRESQL = "sqlite", "postgresql"
# Else a writer's temporary table of the same name would be looked into first, and the guard be led astray.
SEARCH = "SET search_path = public, pg_temp"


@dataclass(frozen=True)
class Guard:
    """Refuses to insert a row into `table` where `when` is true.

    rule: which of the twelve rules of the books it holds; 0 for what keeps the books append-only and chained.
    when: by dialect where they differ; one that is left out needs no such guard. lasting: still false for that row however much is written
    after it, so that a check can ask it. since: the schema with which the rule came; what was written before is not asked.
    """

    name: str
    table: str
    rule: int
    message: str
    when: str | dict[str, str]
    lasting: bool = True
    since: str = "0002"

    def condition(self, dialect: str) -> str | None:
        """None where this database needs no such guard."""
        return self.when if isinstance(self.when, str) else self.when.get(dialect)

    def statements(self, dialect: str) -> list[str]:
        """What makes the trigger."""
        condition = self.condition(dialect)
        if condition is None:
            return []
        if dialect == SQLITE:
            return [
                f"CREATE TRIGGER {self.name} BEFORE INSERT ON {self.table} WHEN {condition}\n"
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            ]
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql {SEARCH} AS $$ BEGIN\nIF {condition}\n"
            f"THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {self.name} BEFORE INSERT ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


def reversed_before(event_id: str, position: str) -> str:
    """Whether the event had been reversed when the one at position was written."""
    return f"EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = {event_id} AND u.id < {position})"


def sides(where: str) -> str:
    """Both sides of the movements m that fulfil `where`: class_id, site_id, state, container_id (0: loose), quantity with its sign."""
    return (
        "SELECT m.class_id, m.from_site_id AS site_id, m.from_state AS state, COALESCE(m.from_container_id, 0) AS container_id, "
        f"-m.quantity AS quantity FROM movement m WHERE {where} UNION ALL "
        "SELECT m.class_id, m.to_site_id, m.to_state, COALESCE(m.to_container_id, 0), m.quantity "
        f"FROM movement m WHERE {where}"
    )


def sealed(container: str, position: str) -> str:
    """Whether an unbroken seal was on the container, or on one that it stands in, when the event at position was written."""

    def on(this: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM seal s WHERE s.container_id = {this} AND s.event_id < {position} AND NOT EXISTS "
            f"(SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < {position}))"
        )

    outer = parent(container, position)
    return f"({on(container)} OR {on(outer)} OR {on(parent(outer, position))})"


def parent(container: str, position: str) -> str:
    """The container in which this one stood when the event at position was written; at most two around a carton."""
    return (
        f"(SELECT p.parent_id FROM placement p WHERE p.container_id = {container} AND p.event_id < {position} "
        "ORDER BY p.event_id DESC LIMIT 1)"
    )
