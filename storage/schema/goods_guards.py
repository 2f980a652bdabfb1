"""Guards of containers and journeys: seals, packing per polling station, consignments."""

from storage.schema.guards import Guard, parent, reversed_before, sealed

_RANK = "CASE {kind} WHEN 'carton' THEN 1 WHEN 'box' THEN 2 ELSE 3 END"


def _now_in(placement: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = {placement}.container_id AND z.event_id > {placement}.event_id)"


def _whole(outer: str) -> str:
    """The contents of a container and of those that stand in it are in more than one site or state; read when the event is complete."""
    inside = (
        f"SELECT {outer} AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = {outer} AND {_now_in('a')} UNION ALL "
        f"SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = {outer} "
        f"AND {_now_in('a')} AND {_now_in('d')}"
    )
    return (
        f"(SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM ({inside}) i JOIN content t ON t.container_id = i.id "
        "WHERE t.quantity > 0) j) > 1"
    )


_INNER = "m.from_container_id"
_OUTER = parent(_INNER, "NEW.event_id")
_OUTERMOST = parent(_OUTER, "NEW.event_id")
_SENT = (
    "EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id "
    f"WHERE x.event_id = NEW.event_id AND NOT {reversed_before('g.event_id', 'NEW.event_id')} AND {{site}} AND NOT EXISTS (SELECT 1 "
    "FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id "
    "AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id "
    "AND m.from_site_id = o.site_id AND {state})))"
)

_ENDS = "NEW.kind IN ('arrival', 'return', 'loss')"

GOODS_GUARDS = [
    Guard(
        "placement_fits",
        "placement",
        7,
        "a container stands in a larger one, and none in itself",
        "NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM container c JOIN container p ON p.id = NEW.parent_id "
        f"WHERE c.id = NEW.container_id AND {_RANK.format(kind='c.kind')} < {_RANK.format(kind='p.kind')})",
    ),
    Guard(
        "placement_unsealed",
        "placement",
        7,
        "nothing is put into a sealed container or taken out of it",
        f"{sealed('NEW.parent_id', 'NEW.event_id')} OR {sealed(parent('NEW.container_id', 'NEW.event_id'), 'NEW.event_id')}",
    ),
    Guard(
        "sealed_keeps",
        "chain_link",
        7,
        "a sealed container neither gives nor takes",
        "EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND COALESCE(m.from_container_id, 0) <> "
        f"COALESCE(m.to_container_id, 0) AND ({sealed('m.from_container_id', 'NEW.event_id')} "
        f"OR {sealed('m.to_container_id', 'NEW.event_id')}))",
    ),
    Guard(
        "sealed_moves_whole",
        "chain_link",
        7,
        "a sealed container moves whole",
        "NEW.kind IN ('dispatch', 'arrival', 'return', 'loss', 'inspection', 'surplus', 'sorting', 'destruction', 'reversal') AND EXISTS "
        "(SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.from_container_id = m.to_container_id "
        f"AND {sealed(_INNER, 'NEW.event_id')} AND ({_whole(_INNER)} OR {_whole(_OUTER)} OR {_whole(_OUTERMOST)}))",
        lasting=False,
    ),
    Guard(
        "seal_break_of_seal",
        "seal_break",
        7,
        "a seal is broken where its container is",
        "NOT EXISTS (SELECT 1 FROM seal s WHERE s.number = NEW.seal_number AND s.event_id < NEW.event_id)",
    ),
    Guard(
        "opening_witnessed",
        "chain_link",
        7,
        "a seal is broken before two witnesses",
        "NEW.kind = 'opening' AND (SELECT count(*) FROM witness w WHERE w.event_id = NEW.event_id) < 2",
    ),
    Guard(
        "packing_entitled",
        "packing",
        8,
        "a station is entitled to its voters and the reserve, of the classes it votes on",
        "NOT EXISTS (SELECT 1 FROM ballot_class c JOIN election e ON e.name = c.election JOIN polling_station s ON s.election = c.election "
        "JOIN site t ON t.id = s.site_id JOIN class_area a ON a.class_id = c.id WHERE c.id = NEW.class_id AND s.site_id = NEW.station_id "
        "AND substr(t.region_code, 1, length(a.region_code)) = a.region_code "
        "AND NEW.entitled = s.voters + (s.voters * e.reserve_num + e.reserve_den - 1) / e.reserve_den)",
    ),
    Guard(
        "packing_exact",
        "packing",
        8,
        "another figure than the entitlement needs a reason and a second person",
        "NEW.sheets <> NEW.entitled AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.second_id IS NOT NULL "
        "AND e.reason <> '')",
    ),
    Guard(
        "packing_once",
        "packing",
        8,
        "this class has been packed for this station",
        "EXISTS (SELECT 1 FROM packing p WHERE p.station_id = NEW.station_id AND p.class_id = NEW.class_id AND p.event_id < NEW.event_id "
        f"AND NOT {reversed_before('p.event_id', 'NEW.event_id')} AND NOT EXISTS (SELECT 1 FROM unpacking n "
        f"WHERE n.packing_id = p.event_id AND n.event_id < NEW.event_id AND NOT {reversed_before('n.event_id', 'NEW.event_id')}))",
    ),
    Guard(
        "packing_adds_up",
        "chain_link",
        8,
        "what is packed goes into the box of its station",
        "NEW.kind = 'packing' AND (NOT EXISTS (SELECT 1 FROM packing p WHERE p.event_id = NEW.event_id AND p.sheets = (SELECT "
        "sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = p.class_id AND m.to_container_id = "
        "p.container_id)) OR EXISTS (SELECT 1 FROM packing p JOIN movement m ON m.event_id = p.event_id WHERE p.event_id = NEW.event_id "
        "AND (m.class_id <> p.class_id OR m.to_container_id IS NULL OR m.to_container_id <> p.container_id)))",
    ),
    Guard(
        "packing_alone",
        "chain_link",
        8,
        "the box of a station holds nothing else",
        "NEW.kind = 'packing' AND EXISTS (SELECT 1 FROM packing p WHERE p.event_id = NEW.event_id AND p.sheets <> (SELECT sum(t.quantity) "
        "FROM content t WHERE t.container_id = p.container_id))",
        lasting=False,
    ),
    Guard(
        "unpacking_of_packing",
        "chain_link",
        8,
        "what is unpacked was packed, and all of it is",
        "NEW.kind = 'unpacking' AND NOT EXISTS (SELECT 1 FROM unpacking u JOIN packing p ON p.event_id = u.packing_id "
        f"WHERE u.event_id = NEW.event_id AND NOT {reversed_before('p.event_id', 'NEW.event_id')} AND p.sheets = (SELECT sum(m.quantity) "
        "FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = p.class_id AND m.from_container_id = p.container_id))",
    ),
    Guard(
        "dispatch_sealed",
        "chain_link",
        9,
        "sheets travel in sealed containers, to another site that is confirmed",
        "NEW.kind = 'dispatch' AND (EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND (m.from_container_id IS NULL OR "
        f"m.to_container_id IS NULL OR m.from_container_id <> m.to_container_id OR NOT {sealed('m.from_container_id', 'NEW.event_id')})) "
        "OR EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id WHERE g.event_id = NEW.event_id "
        "AND g.to_site_id = NEW.site_id))",
    ),
    Guard(
        "dispatch_confirmed",
        "consignment",
        9,
        "nothing is sent to a site that is not confirmed",
        "NOT EXISTS (SELECT 1 FROM site t WHERE t.id = NEW.to_site_id AND t.status = 'confirmed')",
        lasting=False,
    ),
    Guard(
        "arrival_of_consignment",
        "chain_link",
        9,
        "what arrives was sent here",
        "NEW.kind = 'arrival' AND NOT "
        + _SENT.format(
            site="g.to_site_id = NEW.site_id",
            state="(CASE WHEN s.from_state = 'packed' THEN m.to_state IN ('packed', 'delivered') ELSE m.to_state = 'good' END)",
        ),
    ),
    Guard(
        "return_of_consignment",
        "chain_link",
        9,
        "what comes back was sent from here",
        "NEW.kind = 'return' AND NOT " + _SENT.format(site="o.site_id = NEW.site_id", state="m.to_state = s.from_state"),
    ),
    Guard(
        "loss_of_consignment",
        "chain_link",
        9,
        "what is lost was sent from here",
        "NEW.kind = 'loss' AND NOT " + _SENT.format(site="o.site_id = NEW.site_id", state="m.to_state = 'lost'"),
    ),
    Guard(
        "consignment_open",
        "stock_event",
        9,
        "sheets of this consignment have arrived, come back or been lost",
        "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM consignment_end x WHERE x.consignment_id = NEW.reverses_id "
        f"AND x.event_id < NEW.id AND NOT {reversed_before('x.event_id', 'NEW.id')})",
    ),
    Guard(
        "packed_box_alone",
        "chain_link",
        8,
        "nothing goes into a box that is packed for a station",
        "NEW.kind IN ('repack', 'reversal') AND EXISTS (SELECT 1 FROM movement m JOIN content p ON p.container_id = m.to_container_id "
        "JOIN content t ON t.container_id = m.to_container_id WHERE m.event_id = NEW.event_id AND p.quantity > 0 AND p.state = 'packed' "
        "AND t.quantity > 0 AND t.state <> 'packed')",
        lasting=False,
        since="0003",
    ),
    Guard(
        "placement_beside_packed",
        "placement",
        8,
        "nothing is put into a box that is packed for a station",
        "EXISTS (SELECT 1 FROM content t WHERE t.container_id = NEW.parent_id AND t.quantity > 0 AND t.state = 'packed')",
        lasting=False,
        since="0003",
    ),
    Guard(
        "opening_here",
        "seal_break",
        7,
        "a container is opened where it is",
        "EXISTS (SELECT 1 FROM seal s JOIN content t ON t.container_id = s.container_id JOIN stock_event e ON e.id = NEW.event_id "
        "WHERE s.number = NEW.seal_number AND t.quantity > 0 AND t.site_id <> e.site_id)",
        lasting=False,
        since="0003",
    ),
    Guard(
        "consignment_named",
        "consignment",
        9,
        "a consignment names its number and two persons",
        "trim(NEW.number) = '' OR trim(NEW.from_person) = '' OR trim(NEW.to_person) = '' "
        "OR lower(trim(NEW.from_person)) = lower(trim(NEW.to_person))",
        since="0003",
    ),
    Guard(
        "dispatch_of_station",
        "chain_link",
        9,
        "a polling station is sent the boxes that are packed for it",
        "NEW.kind = 'dispatch' AND EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id AND t.kind = 'tps' "
        "JOIN movement m ON m.event_id = g.event_id JOIN packing p ON p.container_id = m.from_container_id "
        "WHERE g.event_id = NEW.event_id AND m.from_state = 'packed' AND p.station_id <> g.to_site_id)",
        since="0003",
    ),
    Guard(
        "delivered_at_station",
        "chain_link",
        9,
        "sheets are delivered at a polling station",
        "NEW.kind = 'arrival' AND EXISTS (SELECT 1 FROM movement m JOIN site t ON t.id = m.to_site_id WHERE m.event_id = NEW.event_id "
        "AND m.to_state = 'delivered' AND t.kind <> 'tps')",
        since="0003",
    ),
    Guard(
        "end_after_dispatch",
        "chain_link",
        9,
        "what arrives, comes back or is lost was sent before",
        f"{_ENDS} AND EXISTS (SELECT 1 FROM consignment_end x JOIN stock_event g ON g.id = x.consignment_id JOIN stock_event e "
        "ON e.id = x.event_id WHERE x.event_id = NEW.event_id AND e.happened_at < g.happened_at)",
        since="0003",
    ),
    Guard(
        "consignment_ends_once",
        "chain_link",
        9,
        "what was sent arrives, comes back or is lost once",
        f"{_ENDS} AND EXISTS (SELECT 1 FROM consignment_end x JOIN movement m ON m.event_id = x.event_id WHERE x.event_id = NEW.event_id "
        "AND (SELECT sum(o.quantity) FROM movement o JOIN consignment_end y ON y.event_id = o.event_id "
        "WHERE y.consignment_id = x.consignment_id AND o.from_container_id = m.from_container_id AND o.class_id = m.class_id "
        f"AND o.event_id <= NEW.event_id AND NOT {reversed_before('y.event_id', 'NEW.event_id')}) > (SELECT sum(s.quantity) "
        "FROM movement s WHERE s.event_id = x.consignment_id AND s.from_container_id = m.from_container_id AND s.class_id = m.class_id))",
        since="0003",
    ),
]
