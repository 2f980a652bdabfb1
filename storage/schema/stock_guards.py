"""Guards of what the events say about sheets: deliveries, damage, reprints, voters, counts, destruction."""

from storage.rules.movement import COUNTED
from storage.schema.guards import Guard, reversed_before


def _moved(to_state: str, line: str) -> str:
    """Sheets of the line's class that its event brings into a state."""
    return (
        f"COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = {line}.event_id AND m.class_id = {line}.class_id "
        f"AND m.to_state = '{to_state}'), 0)"
    )


# --- reprints: what was found damaged or short at a site, less what was asked for, as of the link that is being written

_HERE = "e.site_id = NEW.site_id AND e.id <= NEW.event_id"
_STANDS = f"NOT {reversed_before('e.id', 'NEW.event_id + 1')}"


def _found_damaged(class_id: str) -> str:
    """A destroyed sheet was found damaged all the same."""
    here = f"m.class_id = {class_id} AND m.event_id <= NEW.event_id"
    return (
        f"(COALESCE((SELECT sum(m.quantity) FROM movement m WHERE {here} AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) "
        f"- COALESCE((SELECT sum(m.quantity) FROM movement m WHERE {here} AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' "
        "AND m.to_state <> 'destroyed'), 0))"
    )


def _found_short(class_id: str) -> str:
    return (
        f"COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE {_HERE} "
        f"AND {_STANDS} AND d.class_id = {class_id} AND d.declared > d.received), 0)"
    )


def _asked(column: str, class_id: str) -> str:
    return (
        f"COALESCE((SELECT sum(q.{column}) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE {_HERE} "
        f"AND {_STANDS} AND q.class_id = {class_id}), 0)"
    )


def _beyond(class_id: str, damaged: str, short: str) -> str:
    """More was asked for than was found, of what the two conditions speak of."""
    return (
        f"({damaged} AND {_asked('for_damaged', class_id)} > {_found_damaged(class_id)}) "
        f"OR ({short} AND {_asked('for_short', class_id)} > {_found_short(class_id)})"
    )


# --- counts: what the books say was there when the counting began, by what is known at the acceptance


def _expected(state: str) -> str:
    known = (
        "FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id "
        "WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position "
        "OR COALESCE(u.happened_at, e.happened_at) < c.began_at)"
    )
    return (
        f"(COALESCE((SELECT sum(m.quantity) {known} AND m.to_site_id = NEW.site_id AND m.to_state = '{state}'), 0) "
        f"- COALESCE((SELECT sum(m.quantity) {known} AND m.from_site_id = NEW.site_id AND m.from_state = '{state}'), 0))"
    )


def _posted(state: str) -> str:
    of_event = "FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id"
    return (
        f"(COALESCE((SELECT sum(m.quantity) {of_event} AND m.to_state = '{state}'), 0) "
        f"- COALESCE((SELECT sum(m.quantity) {of_event} AND m.from_state = '{state}'), 0))"
    )


_TAKEN_BACK = _beyond("r.class_id", "r.from_state = 'damaged'", "r.from_state = 'short_claim' AND r.to_state = 'printer'")
_VARIANCE_WRONG = " OR ".join(f"{_posted(state)} <> f.{state} - {_expected(state)}" for state in COUNTED)
_EQUAL = " AND ".join(f"{{a}}.{state} = {{b}}.{state}" for state in COUNTED)
_SHEET_STANDS = f"NOT {reversed_before('t.event_id', 'NEW.event_id')}"
_AGREES = _EQUAL.format(a="t", b="f")

STOCK_GUARDS = [
    Guard(
        "need_reserve",
        "need_line",
        6,
        "a need is reckoned with the reserve of its election",
        "NEW.voters IS NOT NULL AND (NEW.voters < 0 OR NEW.stations < 0 OR NOT EXISTS (SELECT 1 FROM ballot_class k "
        "JOIN election e ON e.name = k.election WHERE k.id = NEW.class_id AND e.reserve_num = NEW.reserve_num "
        "AND e.reserve_den = NEW.reserve_den))",
        since="0003",
    ),
    Guard(
        "event_not_counted_since",
        "chain_link",
        10,
        "these ballots have been counted since, and the count accepted",
        "NEW.kind NOT IN ('reversal', 'count_acceptance') AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id "
        "JOIN stock_count c ON c.class_id = m.class_id AND c.began_at > e.happened_at JOIN count_acceptance a ON a.count_id = c.event_id "
        "WHERE e.id = NEW.event_id AND a.event_id < e.id AND (SELECT w.site_id FROM stock_event w WHERE w.id = c.event_id) = NEW.site_id "
        f"AND NOT {reversed_before('a.event_id', 'e.id')})",
        since="0003",
    ),
    Guard(
        "acceptance_newest",
        "chain_link",
        10,
        "a later count of these ballots has been accepted",
        "NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id "
        "JOIN stock_count d ON d.class_id = c.class_id AND d.position > c.position JOIN stock_event w ON w.id = d.event_id "
        "AND w.site_id = NEW.site_id JOIN count_acceptance b ON b.count_id = d.event_id WHERE a.event_id = NEW.event_id "
        f"AND b.event_id < a.event_id AND NOT {reversed_before('b.event_id', 'NEW.event_id')})",
        since="0003",
    ),
    Guard(
        "variance_explained",
        "chain_link",
        10,
        "a variance needs a reason",
        "NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id "
        "WHERE e.id = NEW.event_id AND e.reason = '')",
        since="0003",
    ),
    Guard(
        "roll_adds_up",
        "chain_link",
        6,
        "a roll of voters says how many stations and voters it has",
        "NEW.kind = 'voters' AND EXISTS (SELECT 1 FROM voters_roll r WHERE r.event_id = NEW.event_id AND (r.stations <> (SELECT count(*) "
        "FROM polling_station s WHERE s.event_id = r.event_id) OR r.voters <> (SELECT COALESCE(sum(s.voters), 0) FROM polling_station s "
        "WHERE s.event_id = r.event_id) OR EXISTS (SELECT 1 FROM polling_station s WHERE s.event_id = r.event_id "
        "AND s.election <> r.election)))",
    ),
    Guard(
        "delivery_adds_up",
        "chain_link",
        3,
        "declared is received and short less over",
        "NEW.kind = 'delivery' AND (EXISTS (SELECT 1 FROM delivery_line d WHERE d.event_id = NEW.event_id AND (d.received <> "
        f"{_moved('unsorted', 'd')} OR CASE WHEN d.declared > d.received THEN d.declared - d.received ELSE 0 END <> "
        f"{_moved('short_claim', 'd')})) OR EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS "
        "(SELECT 1 FROM delivery_line d WHERE d.event_id = m.event_id AND d.class_id = m.class_id)))",
    ),
    Guard(
        "damage_adds_up",
        "chain_link",
        4,
        "the damage criteria add up to the damaged sheets",
        "NEW.kind IN ('sorting', 'inspection') AND EXISTS (SELECT 1 FROM damage_line d WHERE d.event_id = NEW.event_id "
        f"GROUP BY d.event_id, d.class_id HAVING sum(d.sheets) <> {_moved('damaged', 'd')})",
    ),
    Guard(
        "inspection_says_why",
        "chain_link",
        4,
        "an inspection says for each class what is wrong with the damaged sheets",
        "NEW.kind = 'inspection' AND EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS "
        "(SELECT 1 FROM damage_line d WHERE d.event_id = m.event_id AND d.class_id = m.class_id))",
    ),
    Guard(
        "request_within_claims",
        "chain_link",
        5,
        "reprints are requested for what is damaged or short only",
        "NEW.kind = 'reprint_request' AND EXISTS (SELECT 1 FROM reprint_request r WHERE r.event_id = NEW.event_id "
        f"AND ({_beyond('r.class_id', 'r.for_damaged > 0', 'r.for_short > 0')}))",
    ),
    Guard(
        "claims_stay_covered",
        "chain_link",
        5,
        "reprints have been requested for what this entry found damaged or short",
        f"NEW.kind IN ('reversal', 'adjustment') AND EXISTS (SELECT 1 FROM movement r WHERE r.event_id = NEW.event_id AND ({_TAKEN_BACK}))",
        since="0003",
    ),
    Guard(
        "receipt_of_request",
        "chain_link",
        5,
        "reprints are received for an open request of this site, and never above it",
        "NEW.kind = 'reprint_receipt' AND NOT EXISTS (SELECT 1 FROM reprint_receipt r JOIN reprint_request q ON q.event_id = r.request_id "
        "JOIN stock_event e ON e.id = q.event_id WHERE r.event_id = NEW.event_id AND e.site_id = NEW.site_id "
        f"AND NOT {reversed_before('q.event_id', 'NEW.event_id')} "
        "AND (SELECT sum(o.sheets) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id "
        f"AND NOT {reversed_before('o.event_id', 'NEW.event_id')}) <= q.for_damaged + q.for_short "
        "AND (SELECT sum(o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id "
        f"AND NOT {reversed_before('o.event_id', 'NEW.event_id')}) <= q.for_short "
        "AND (SELECT sum(o.sheets - o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id "
        f"AND NOT {reversed_before('o.event_id', 'NEW.event_id')}) <= q.for_damaged "
        "AND r.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id) "
        "AND r.for_short = COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id "
        "AND m.class_id = q.class_id AND m.from_state = 'short_claim'), 0) "
        "AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> q.class_id))",
        since="0003",
    ),
    Guard(
        "request_unanswered",
        "stock_event",
        5,
        "reprinted sheets of this request have been received",
        "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM reprint_receipt r WHERE r.request_id = NEW.reverses_id "
        f"AND r.event_id < NEW.id AND NOT {reversed_before('r.event_id', 'NEW.id')})",
    ),
    Guard(
        "sheet_of_count",
        "chain_link",
        10,
        "each team and person counts once, a third team only where two differ",
        "NEW.kind = 'count_sheet' AND NOT EXISTS (SELECT 1 FROM count_sheet f JOIN stock_event n ON n.id = f.event_id "
        "JOIN stock_event c ON c.id = f.count_id WHERE f.event_id = NEW.event_id AND c.site_id = NEW.site_id AND c.kind = 'count' "
        f"AND NOT {reversed_before('c.id', 'NEW.event_id')} "
        "AND NOT EXISTS (SELECT 1 FROM count_sheet t JOIN stock_event w ON w.id = t.event_id WHERE t.count_id = f.count_id "
        f"AND t.event_id < f.event_id AND {_SHEET_STANDS} AND (t.team = f.team OR w.person_id = n.person_id)) "
        "AND (f.team < 3 OR EXISTS (SELECT 1 FROM count_sheet t JOIN count_sheet o ON o.count_id = t.count_id WHERE t.count_id = "
        f"f.count_id AND t.team = 1 AND o.team = 2 AND t.event_id < f.event_id AND o.event_id < f.event_id AND {_SHEET_STANDS} "
        f"AND NOT {reversed_before('o.event_id', 'NEW.event_id')} AND NOT ({_EQUAL.format(a='t', b='o')}))))",
    ),
    Guard(
        "acceptance_of_two",
        "chain_link",
        10,
        "a count is accepted once, after two equal sheets, by somebody who did not count",
        "NEW.kind = 'count_acceptance' AND NOT EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.event_id = a.sheet_id "
        "JOIN stock_event c ON c.id = a.count_id WHERE a.event_id = NEW.event_id AND f.count_id = a.count_id AND c.site_id = NEW.site_id "
        f"AND NOT {reversed_before('c.id', 'NEW.event_id')} AND NOT {reversed_before('f.event_id', 'NEW.event_id')} "
        f"AND EXISTS (SELECT 1 FROM count_sheet t WHERE t.count_id = f.count_id AND t.team <> f.team AND {_SHEET_STANDS} AND {_AGREES}) "
        "AND NOT EXISTS (SELECT 1 FROM count_sheet t JOIN stock_event w ON w.id = t.event_id JOIN stock_event n ON n.id = NEW.event_id "
        f"WHERE t.count_id = f.count_id AND {_SHEET_STANDS} AND w.person_id = n.person_id) "
        "AND NOT EXISTS (SELECT 1 FROM count_acceptance o WHERE o.count_id = a.count_id AND o.event_id < a.event_id "
        f"AND NOT {reversed_before('o.event_id', 'NEW.event_id')}))",
    ),
    Guard(
        "variance_at_position",
        "chain_link",
        10,
        "the variance is that of the position at which the count began",
        "NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.event_id = a.sheet_id "
        "JOIN stock_count c ON c.event_id = a.count_id JOIN stock_event n ON n.id = a.event_id WHERE a.event_id = NEW.event_id "
        f"AND (n.holds_from <> c.position OR {_VARIANCE_WRONG} OR EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id "
        "AND m.class_id <> c.class_id)))",
    ),
    Guard(
        "count_not_built_on",
        "stock_event",
        10,
        "this count has been accepted",
        "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.count_id = a.count_id "
        "WHERE (a.count_id = NEW.reverses_id OR f.event_id = NEW.reverses_id) AND a.event_id < NEW.id "
        f"AND NOT {reversed_before('a.event_id', 'NEW.id')})",
    ),
    Guard(
        "destruction_witnessed",
        "chain_link",
        11,
        "a destruction is witnessed by Polri and Bawaslu",
        "NEW.kind = 'destruction' AND (SELECT count(DISTINCT w.institution) FROM witness w WHERE w.event_id = NEW.event_id "
        "AND w.institution IN ('polri', 'bawaslu')) < 2",
    ),
    Guard(
        "witness_not_actor",
        "witness",
        7,
        "a witness is somebody else than who acts",
        "EXISTS (SELECT 1 FROM stock_event e JOIN person p ON p.id IN (e.person_id, e.second_id) WHERE e.id = NEW.event_id "
        "AND lower(p.name) = lower(NEW.name))",
    ),
    Guard(
        "witness_once",
        "witness",
        7,
        "each witness is named once",
        "NEW.name <> trim(NEW.name) OR EXISTS (SELECT 1 FROM witness w WHERE w.event_id = NEW.event_id AND w.name <> NEW.name "
        "AND lower(w.name) = lower(NEW.name))",
        since="0003",
    ),
]
