"""The triggers of the books, as SQL of either database: the guards, what keeps them append-only, and what moves the balances."""

from collections.abc import Sequence

from storage.schema.all_guards import GUARDS
from storage.schema.guards import POSTGRESQL, SEARCH, SQLITE
from storage.schema.ledger_guards import FACT_KINDS, SINCE, UNIQUE_KEYS

# Those of the schema with which the books came, and those that came with people and records.
FIRST = ["chain_link", "stock_event", "movement", *(table for table in FACT_KINDS if table not in SINCE)]
SUSPENDING = ["alarm_suspension", "room_disarm", "room_unlocking", "room_witness", "suspension_end"]
LATER = ["record", *SINCE, "secret", "sign_in", "signing_key", "checkpoint", "signature_picture", *SUSPENDING]
APPEND_ONLY = [*FIRST, *LATER]


def triggers(dialect: str) -> list[str]:
    """What holds the rules. To be run when the rows of an earlier schema are in their places."""
    found = [text for guard in GUARDS for text in guard.statements(dialect)]
    return found + (_sqlite_rights() + SQLITE_MOVES if dialect == SQLITE else POSTGRESQL_MOVES + _postgresql_rights())


def _sqlite_rights() -> list[str]:
    """SQLite has no rights; triggers stand for them. INSERT OR REPLACE is refused by a look-up of our own, because it fires the delete
    trigger only where the connection has set PRAGMA recursive_triggers, which somebody else's need not do."""
    found = []
    for table in [*APPEND_ONLY, "legal_move"]:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        found.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        found.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    for table, keys in UNIQUE_KEYS.items():
        found.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {_taken(table, keys)} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    found.append(
        "CREATE TRIGGER legal_move_no_insert BEFORE INSERT ON legal_move BEGIN SELECT RAISE(ABORT, 'legal_move is append-only'); END"
    )
    return found


def _taken(table: str, keys: Sequence[Sequence[str]]) -> str:
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} o WHERE {' AND '.join(f'o.{column} = NEW.{column}' for column in key)})" for key in keys
    )


def _change(side: str, other: str) -> str:
    """What a movement does to the balance of one of its sides; both may be the same balance."""
    sign, back = ("-", "+") if side == "from" else ("+", "-")
    same = "NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state"

    def amount(condition: str) -> str:
        return f"CASE WHEN {condition} THEN NEW.quantity ELSE 0 END"

    return (
        f"UPDATE balance SET quantity = quantity {sign} NEW.quantity {back} {amount(same)}, "
        f"contained = contained {sign} {amount(f'NEW.{side}_container_id IS NOT NULL')} "
        f"{back} {amount(f'{same} AND NEW.{other}_container_id IS NOT NULL')}, movement_id = NEW.id "
        f"WHERE {_balance_key(side)}"
    )


def _put(side: str) -> str:
    """The same for the content of the container of that side, which is never that of the other side."""
    return (
        f"UPDATE content SET quantity = quantity {'-' if side == 'from' else '+'} NEW.quantity, movement_id = NEW.id "
        f"WHERE {_content_key(side)}"
    )


def _content_key(side: str) -> str:
    return (
        f"container_id = NEW.{side}_container_id AND class_id = NEW.class_id AND site_id = NEW.{side}_site_id AND state = NEW.{side}_state"
    )


def _balance_key(side: str) -> str:
    return f"site_id = NEW.{side}_site_id AND class_id = NEW.class_id AND state = NEW.{side}_state"


_OTHER = "NOT (NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state)"
_MOVE_BALANCES = [_change("from", "to"), f"{_change('to', 'from')} AND {_OTHER}"]
_MOVE_CONTENTS = [_put("from"), _put("to")]


def _first_row(side: str, *, contents: bool, dialect: str) -> str:
    """The row is made first and changed then: CHECK looks at an inserted row before any conflict, so a decrease is no upsert."""
    if contents:
        table, key = "content (container_id, class_id, site_id, state, quantity, movement_id)", _content_key(side)
        row = f"NEW.{side}_container_id, NEW.class_id, NEW.{side}_site_id, NEW.{side}_state, 0, 0 WHERE NEW.{side}_container_id IS NOT NULL"
    else:
        table, key = "balance (site_id, class_id, state, quantity, contained, movement_id)", _balance_key(side)
        row = f"NEW.{side}_site_id, NEW.class_id, NEW.{side}_state, 0, 0, 0 WHERE NEW.quantity > 0"
    insert = f"INSERT INTO {table} SELECT {row}"
    if dialect == POSTGRESQL:
        return f"{insert} ON CONFLICT DO NOTHING"
    return f"{insert} AND NOT EXISTS (SELECT 1 FROM {table.split()[0]} WHERE {key})"


def _moves(dialect: str, *, contents: bool) -> str:
    rows = [_first_row(side, contents=contents, dialect=dialect) for side in ("from", "to")]
    return ";\n".join([*rows, *(_MOVE_CONTENTS if contents else _MOVE_BALANCES)])


_EXPLAINED = (
    "NEW.site_id = OLD.site_id AND NEW.class_id = OLD.class_id AND NEW.state = OLD.state AND NEW.movement_id > OLD.movement_id "
    "AND EXISTS (SELECT 1 FROM movement m WHERE m.id = NEW.movement_id AND m.class_id = NEW.class_id AND NEW.quantity - OLD.quantity = "
    "CASE WHEN {to} THEN m.quantity ELSE 0 END - CASE WHEN {source} THEN m.quantity ELSE 0 END)"
)
_AT = "m.{side}_site_id = NEW.site_id AND m.{side}_state = NEW.state"
_IN = _AT + " AND m.{side}_container_id = NEW.container_id"
SQLITE_MOVES = [
    "CREATE TRIGGER balance_moved_only BEFORE UPDATE ON balance WHEN NOT ("
    + _EXPLAINED.format(to=_AT.format(side="to"), source=_AT.format(side="from"))
    + ") BEGIN SELECT RAISE(ABORT, 'a balance follows the movements'); END",
    "CREATE TRIGGER balance_begins_empty BEFORE INSERT ON balance WHEN NEW.quantity <> 0 OR NEW.contained <> 0 OR NEW.movement_id <> 0 "
    "BEGIN SELECT RAISE(ABORT, 'a balance follows the movements'); END",
    "CREATE TRIGGER balance_no_delete BEFORE DELETE ON balance BEGIN SELECT RAISE(ABORT, 'a balance follows the movements'); END",
    "CREATE TRIGGER content_moved_only BEFORE UPDATE ON content WHEN NOT (NEW.container_id = OLD.container_id AND "
    + _EXPLAINED.format(to=_IN.format(side="to"), source=_IN.format(side="from"))
    + ") BEGIN SELECT RAISE(ABORT, 'a content follows the movements'); END",
    "CREATE TRIGGER content_begins_empty BEFORE INSERT ON content WHEN NEW.quantity <> 0 OR NEW.movement_id <> 0 "
    "BEGIN SELECT RAISE(ABORT, 'a content follows the movements'); END",
    "CREATE TRIGGER content_no_delete BEFORE DELETE ON content BEGIN SELECT RAISE(ABORT, 'a content follows the movements'); END",
    f"CREATE TRIGGER movement_moves AFTER INSERT ON movement BEGIN\n{_moves(SQLITE, contents=False)};\nEND",
    "CREATE TRIGGER movement_moves_contents AFTER INSERT ON movement WHEN NEW.from_container_id IS NOT NULL "
    f"OR NEW.to_container_id IS NOT NULL BEGIN\n{_moves(SQLITE, contents=True)};\nEND",
]
# The balances belong to the owner of the tables; whoever writes movements moves them only through this.
POSTGRESQL_MOVES = [
    f"CREATE FUNCTION movement_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SEARCH} AS $$ BEGIN\n"
    f"{_moves(POSTGRESQL, contents=False)};\n{_moves(POSTGRESQL, contents=True)};\nRETURN NULL; END $$",
    "CREATE TRIGGER movement_moves AFTER INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_moves()",
]


def _postgresql_rights() -> list[str]:
    """Writers may add rows to the books and nothing else; balances they may read."""
    return [
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'jaga_writer') THEN CREATE ROLE jaga_writer NOLOGIN; "
        "END IF; END $$",
        # Who migrates works as a writer afterwards. Who made the role may grant it, but from version 16 on does not have it by that.
        "DO $$ BEGIN SET LOCAL ROLE jaga_writer; RESET ROLE; "
        "EXCEPTION WHEN insufficient_privilege THEN GRANT jaga_writer TO CURRENT_USER; END $$",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO jaga_writer",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jaga_writer",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO jaga_writer",
        f"REVOKE UPDATE, DELETE ON {', '.join([*FIRST, 'alarm', 'alarm_step'])} FROM jaga_writer",
        f"GRANT SELECT, INSERT ON {', '.join(LATER)} TO jaga_writer",
        "GRANT SELECT, INSERT, UPDATE ON role_grant, confirmation TO jaga_writer",
        f"GRANT USAGE, SELECT ON SEQUENCE secret_id_seq, sign_in_id_seq, checkpoint_id_seq, role_grant_id_seq, confirmation_id_seq, "
        f"{', '.join(f'{table}_id_seq' for table in SUSPENDING)} TO jaga_writer",
        "REVOKE INSERT, UPDATE, DELETE ON balance, content, legal_move, alembic_version FROM jaga_writer",
    ]
