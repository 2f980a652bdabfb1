"""Guards of the ledger itself: what is written stays, is chained, moves only as its kind may, and is not back-dated unseen."""

from collections.abc import Sequence

from storage.rules.movement import FINAL, VIRTUAL
from storage.schema.guards import POSTGRESQL, SQLITE, Guard, sides

# Which kinds of events may have rows in a table of facts, and must: a kind's first table.
FACT_KINDS = {
    "voters_roll": ("voters",),
    "polling_station": ("voters",),
    "need_line": ("need",),
    "print_order": ("print_order",),
    "print_order_line": ("print_order",),
    "delivery": ("delivery",),
    "delivery_line": ("delivery",),
    "sorting_run": ("sorting",),
    "damage_line": ("sorting", "inspection"),
    "reprint_request": ("reprint_request",),
    "reprint_receipt": ("reprint_receipt",),
    "stock_count": ("count",),
    "count_sheet": ("count_sheet",),
    "count_acceptance": ("count_acceptance",),
    "minutes": ("opening", "loss", "adjustment", "destruction", "close"),
    "witness": ("opening", "loss", "adjustment", "destruction", "close"),
    "witness_signature": ("opening", "loss", "adjustment", "destruction", "close"),
    "stock_close": ("close",),
    "container": ("placement", "packing"),
    "placement": ("placement", "packing"),
    "seal": ("sealing", "packing"),
    "seal_break": ("opening",),
    "packing": ("packing",),
    "unpacking": ("unpacking",),
    "consignment": ("dispatch",),
    "consignment_end": ("arrival", "return", "loss"),
}
# Tables of facts that came later than the books.
SINCE = {"witness_signature": "0006"}
NEEDED_FACTS = {
    "voters": ("voters_roll",),
    "need": ("need_line",),
    "print_order": ("print_order", "print_order_line"),
    "delivery": ("delivery", "delivery_line"),
    "inspection": ("damage_line",),
    "reprint_request": ("reprint_request",),
    "reprint_receipt": ("reprint_receipt",),
    "placement": ("placement",),
    "sealing": ("seal",),
    "opening": ("seal_break", "witness"),
    "packing": ("packing",),
    "unpacking": ("unpacking",),
    "dispatch": ("consignment",),
    "arrival": ("consignment_end",),
    "return": ("consignment_end",),
    "loss": ("consignment_end", "minutes"),
    "count": ("stock_count",),
    "count_sheet": ("count_sheet",),
    "count_acceptance": ("count_acceptance",),
    "adjustment": ("minutes",),
    "destruction": ("minutes", "witness"),
    "close": ("stock_close",),
}
MOVING_KINDS = ("sorting", "inspection", "repack", "surplus", "dispatch", "arrival", "return", "loss", "adjustment", "destruction")
# Unique keys by which INSERT OR REPLACE could remove a row that stands; of tables of facts only those beside the event's number.
UNIQUE_KEYS = {
    "chain_link": [["event_id"], ["site_id", "number"]],
    "stock_event": [["id"], ["key"], ["reverses_id"]],
    "record": [["event_id"]],
    "secret": [["id"]],
    "sign_in": [["id"]],
    "signing_key": [["id"]],
    "checkpoint": [["id"]],
    "signature_picture": [["sha256"]],
    "alarm_suspension": [["id"]],
    "room_disarm": [["id"]],
    "room_unlocking": [["id"]],
    "room_witness": [["id"], ["unlocking_id", "name"]],
    "suspension_end": [["id"], ["suspension_id"], ["disarm_id"], ["unlocking_id"]],
    "movement": [["id"]],
    "container": [["id"], ["code"]],
    "seal": [["number"]],
    "seal_break": [["seal_number"]],
    "unpacking": [["packing_id"]],
    "consignment": [["number"]],
    "polling_station": [["election", "site_id"]],
    "balance": [["site_id", "class_id", "state"]],
    "content": [["container_id", "class_id", "site_id", "state"]],
}
# Figures that SQLite would keep as fractions or words if it were asked to.
WHOLE = {
    "movement": ("quantity",),
    "voters_roll": ("stations", "voters"),
    "polling_station": ("voters",),
    "need_line": ("sheets", "voters", "stations", "reserve_num", "reserve_den"),
    "print_order_line": ("sheets",),
    "delivery_line": ("declared", "received", "misrouted"),
    "damage_line": ("sheets",),
    "reprint_request": ("for_damaged", "for_short"),
    "reprint_receipt": ("sheets", "for_short"),
    "stock_count": ("position",),
    "count_sheet": ("unsorted", "good", "damaged", "surplus", "packed"),
    "packing": ("entitled", "sheets"),
}
_PAST = "(SELECT max(c.closed_until) FROM stock_event e JOIN stock_close c ON c.event_id = e.id WHERE e.site_id = NEW.site_id AND {close})"
_CLOSE = _PAST.format(close="e.kind = 'close' AND e.id < NEW.id")
_QUOTED_FINAL = ", ".join(f"'{kind}'" for kind in FINAL)
_EVENT_KIND = "COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '')"
_SEALED_EVENT = "EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _append_only() -> list[Guard]:
    """What has its link is closed: nothing is added to it. Which facts a kind has, and which it must have."""
    guards = [Guard("movement_sealed", "movement", 0, "movement is append-only", _SEALED_EVENT, lasting=False)]
    for table, kinds in FACT_KINDS.items():
        since = SINCE.get(table, "0002")
        foreign = f"{_EVENT_KIND} NOT IN ({_quoted(kinds)})"
        guards += [
            Guard(f"{table}_sealed", table, 0, f"{table} is append-only", _SEALED_EVENT, lasting=False, since=since),
            Guard(f"{table}_kind", table, 0, f"a row of {table} belongs to another kind of event", foreign, since=since),
        ]
    for kind, tables in NEEDED_FACTS.items():
        absent = " OR ".join(f"NOT EXISTS (SELECT 1 FROM {table} f WHERE f.event_id = NEW.event_id)" for table in tables)
        guards.append(Guard(f"{kind}_facts", "chain_link", 0, f"{kind} lacks its facts", f"NEW.kind = '{kind}' AND ({absent})"))
    for table, columns in WHOLE.items():
        broken = " OR ".join(f"typeof(NEW.{column}) NOT IN ('integer', 'null')" for column in columns)
        guards.append(Guard(f"{table}_whole", table, 1, f"figures of {table} are whole numbers", {SQLITE: broken}, since="0003"))
    return guards


def _closed_at(site: str, event: str) -> str:
    """Until when the books of a site were closed when an event was written; an empty text before the first close."""
    return (
        "COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id "
        f"WHERE s.site_id = {site} AND s.id < {event}), '')"
    )


_HAPPENED = "COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at)"
_LAST_RECORDED = (
    "(SELECT e.recorded_at FROM chain_link l JOIN stock_event e ON e.id = l.event_id WHERE l.site_id = NEW.site_id "
    "AND l.kind <> 'record' ORDER BY l.number DESC LIMIT 1)"
)
_ALONE = "(NEW.second_id IS NULL OR NEW.reason = '')"
_INSTANT = "'____-__-__T__:__:__.______Z'"
_NO_INSTANT = f"NEW.happened_at NOT LIKE {_INSTANT} OR NEW.recorded_at NOT LIKE {_INSTANT}"


LEDGER_GUARDS = [
    *_append_only(),
    Guard(
        "link_follows",
        "chain_link",
        0,
        "a link follows the last of its site",
        "NEW.number <> 1 AND NOT EXISTS (SELECT 1 FROM chain_link l WHERE l.site_id = NEW.site_id AND l.number = NEW.number - 1 "
        "AND l.event_id < NEW.event_id)",
    ),
    Guard(
        "link_event",
        "chain_link",
        0,
        "a link belongs to an event of its site and kind",
        "NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.site_id = NEW.site_id AND e.kind = NEW.kind) "
        "AND NOT (NEW.kind = 'record' AND EXISTS (SELECT 1 FROM record r WHERE r.event_id = NEW.event_id AND r.site_id = NEW.site_id))",
        since="0006",
    ),
    Guard(
        "event_moves",
        "chain_link",
        1,
        "this kind of event moves sheets",
        f"NEW.kind IN ({_quoted(MOVING_KINDS)}) AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id)",
    ),
    Guard(
        "movement_legal",
        "movement",
        1,
        "this kind of event does not move sheets so",
        "NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND (e.kind = 'reversal' OR (NEW.to_site_id = e.site_id "
        "AND (NEW.from_site_id = e.site_id OR e.kind = 'arrival') AND EXISTS (SELECT 1 FROM legal_move l WHERE l.kind = e.kind "
        "AND l.from_state = NEW.from_state AND l.to_state = NEW.to_state))))",
    ),
    Guard(
        "reversal_opposite",
        "chain_link",
        1,
        "a reversal moves the opposite of what it reverses",
        "NEW.kind = 'reversal' AND EXISTS (SELECT 1 FROM ("
        + sides("m.event_id IN (NEW.event_id, (SELECT e.reverses_id FROM stock_event e WHERE e.id = NEW.event_id))")
        + ") b GROUP BY b.class_id, b.site_id, b.state, b.container_id HAVING sum(b.quantity) <> 0)",
    ),
    Guard(
        "event_reverses",
        "stock_event",
        12,
        "this event cannot be reversed",
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.id < NEW.id "
        f"AND e.site_id = NEW.site_id AND e.kind NOT IN ({_QUOTED_FINAL}))",
        since="0003",
    ),
    Guard(
        "reversal_by_two",
        "stock_event",
        10,
        "an accepted count and an adjustment are taken back by two persons, with a reason",
        f"NEW.reverses_id IS NOT NULL AND {_ALONE} AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id "
        "AND e.kind IN ('count_acceptance', 'adjustment'))",
        since="0003",
    ),
    Guard(
        "movement_contained",
        "movement",
        2,
        "only sheets that can be touched lie in a container",
        f"(NEW.from_container_id IS NOT NULL AND NEW.from_state IN ({_quoted(VIRTUAL)})) "
        f"OR (NEW.to_container_id IS NOT NULL AND NEW.to_state IN ({_quoted(VIRTUAL)}))",
        since="0003",
    ),
    Guard(
        "movement_closed",
        "movement",
        12,
        "the books of the other site are closed for that time",
        "NEW.from_site_id <> NEW.to_site_id AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id "
        f"AND ({_HAPPENED} < {_closed_at('NEW.from_site_id', 'e.id')} OR {_HAPPENED} < {_closed_at('NEW.to_site_id', 'e.id')}))",
        since="0003",
    ),
    Guard(
        "acceptance_closed",
        "chain_link",
        12,
        "the books are closed for the time at which the count began",
        "NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id "
        f"WHERE a.event_id = NEW.event_id AND c.began_at < {_closed_at('NEW.site_id', 'NEW.event_id')})",
        since="0003",
    ),
    Guard(
        "event_instants",
        "stock_event",
        12,
        "an instant is a date and a time of day",
        {
            SQLITE: f"{_NO_INSTANT} OR julianday(NEW.happened_at) IS NULL OR julianday(NEW.recorded_at) IS NULL",
            POSTGRESQL: _NO_INSTANT,
        },
        since="0003",
    ),
    Guard(
        "event_reason",
        "stock_event",
        12,
        "a reason is not made of spaces",
        "NEW.reason <> trim(NEW.reason)",
        since="0003",
    ),
    Guard(
        "event_clock",
        "stock_event",
        12,
        "what is entered more than a day after it happened, by the newest entry, needs a reason and a second person",
        {
            SQLITE: f"NEW.reverses_id IS NULL AND {_ALONE} AND julianday({_LAST_RECORDED}) - julianday(NEW.happened_at) > 1.00000001",
            POSTGRESQL: f"NEW.reverses_id IS NULL AND {_ALONE} "
            f"AND CAST({_LAST_RECORDED} AS timestamptz) - CAST(NEW.happened_at AS timestamptz) > INTERVAL '1 day'",
        },
        lasting=False,
        since="0006",
    ),
    Guard(
        "close_after_all",
        "chain_link",
        11,
        "a final close reaches to the last entry",
        "NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c JOIN stock_event e ON e.site_id = NEW.site_id AND e.id < NEW.event_id "
        "WHERE c.event_id = NEW.event_id AND c.final = 1 AND e.happened_at > c.closed_until)",
        since="0003",
    ),
    Guard(
        "event_closed",
        "stock_event",
        12,
        "the books are closed for that time",
        f"NEW.happened_at < {_CLOSE} OR (NEW.reverses_id IS NOT NULL AND (SELECT e.happened_at FROM stock_event e "
        f"WHERE e.id = NEW.reverses_id) < {_CLOSE})",
    ),
    Guard(
        "event_backdated",
        "stock_event",
        12,
        "what is entered more than a day late needs a reason and a second person",
        {
            SQLITE: "(NEW.second_id IS NULL OR NEW.reason = '') AND julianday(NEW.recorded_at) - julianday(NEW.happened_at) > 1.00000001",
            POSTGRESQL: "(NEW.second_id IS NULL OR NEW.reason = '') "
            "AND CAST(NEW.recorded_at AS timestamptz) - CAST(NEW.happened_at AS timestamptz) > INTERVAL '1 day'",
        },
    ),
    Guard(
        "event_rights",
        "stock_event",
        0,
        "only officers and supervisors write in the books",
        "EXISTS (SELECT 1 FROM person p WHERE p.id IN (NEW.person_id, NEW.second_id) AND NOT EXISTS (SELECT 1 FROM role_grant g "
        "WHERE g.person_id = p.id AND g.role IN ('officer', 'supervisor') AND (g.site_id IS NULL OR g.site_id = NEW.site_id)))",
        since="0006",
    ),
    Guard("record_sealed", "record", 0, "record is append-only", _SEALED_EVENT, lasting=False, since="0006"),
    Guard(
        "record_apart",
        "record",
        0,
        "a record is no event of the stock",
        "EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id)",
        since="0006",
    ),
    Guard(
        "close_clean",
        "chain_link",
        11,
        "by the day before polling unsorted, damaged and surplus sheets are gone, except for a re-vote",
        "NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c WHERE c.event_id = NEW.event_id AND c.final = 1) "
        "AND EXISTS (SELECT 1 FROM ("
        + sides("m.event_id < NEW.event_id AND (m.from_site_id = NEW.site_id OR m.to_site_id = NEW.site_id)")
        + ") b JOIN ballot_class k ON k.id = b.class_id WHERE b.site_id = NEW.site_id AND k.purpose = 'regular' "
        "AND b.state IN ('unsorted', 'damaged', 'surplus') GROUP BY b.class_id, b.state HAVING sum(b.quantity) <> 0)",
    ),
    Guard(
        "close_advances",
        "stock_close",
        12,
        "a close reaches further than the one before it, and not into the future",
        "EXISTS (SELECT 1 FROM stock_event n WHERE n.id = NEW.event_id AND (NEW.closed_until > n.recorded_at OR EXISTS (SELECT 1 "
        "FROM stock_close c JOIN stock_event e ON e.id = c.event_id WHERE e.site_id = n.site_id AND e.id < n.id "
        "AND c.closed_until >= NEW.closed_until)))",
    ),
]
