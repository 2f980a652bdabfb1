"""Guards of the ledger itself: what is written stays, is chained, moves only as its kind may, and is not back-dated unseen."""

from storage.rules.movement import FINAL
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
_PAST = "(SELECT max(c.closed_until) FROM stock_event e JOIN stock_close c ON c.event_id = e.id WHERE e.site_id = NEW.site_id AND {close})"
_CLOSE = _PAST.format(close="e.kind = 'close' AND e.id < NEW.id")
_QUOTED_FINAL = ", ".join(f"'{kind}'" for kind in FINAL)
_EVENT_KIND = "COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '')"
_SEALED_EVENT = "EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)"


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _append_only() -> list[Guard]:
    """What has its link is closed: nothing is added to it. Which facts a kind has, and which it must have."""
    guards = [Guard("movement_sealed", "movement", 0, "movement is append-only", _SEALED_EVENT, lasting=False)]
    for table, kinds in FACT_KINDS.items():
        guards += [
            Guard(f"{table}_sealed", table, 0, f"{table} is append-only", _SEALED_EVENT, lasting=False),
            Guard(
                f"{table}_kind", table, 0, f"a row of {table} belongs to another kind of event", f"{_EVENT_KIND} NOT IN ({_quoted(kinds)})"
            ),
        ]
    for kind, tables in NEEDED_FACTS.items():
        absent = " OR ".join(f"NOT EXISTS (SELECT 1 FROM {table} f WHERE f.event_id = NEW.event_id)" for table in tables)
        guards.append(Guard(f"{kind}_facts", "chain_link", 0, f"{kind} lacks its facts", f"NEW.kind = '{kind}' AND ({absent})"))
    return guards


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
        "NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.site_id = NEW.site_id AND e.kind = NEW.kind)",
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
        "EXISTS (SELECT 1 FROM person p WHERE p.id IN (NEW.person_id, NEW.second_id) AND p.role NOT IN ('officer', 'supervisor'))",
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
