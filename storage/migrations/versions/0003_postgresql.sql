CREATE INDEX ix_stock_count_class_id_began_at ON stock_count (class_id, began_at)
-- next
CREATE FUNCTION event_reverses() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.id < NEW.id AND e.site_id = NEW.site_id AND e.kind NOT IN ('schema', 'voters', 'placement', 'sealing', 'opening', 'unpacking', 'destruction', 'close', 'reversal'))
THEN RAISE EXCEPTION 'this event cannot be reversed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_reverses BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_reverses()
-- next
CREATE FUNCTION reversal_by_two() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NOT NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.kind IN ('count_acceptance', 'adjustment'))
THEN RAISE EXCEPTION 'an accepted count and an adjustment are taken back by two persons, with a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reversal_by_two BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION reversal_by_two()
-- next
CREATE FUNCTION movement_contained() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF (NEW.from_container_id IS NOT NULL AND NEW.from_state IN ('printer', 'short_claim', 'variance')) OR (NEW.to_container_id IS NOT NULL AND NEW.to_state IN ('printer', 'short_claim', 'variance'))
THEN RAISE EXCEPTION 'only sheets that can be touched lie in a container' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER movement_contained BEFORE INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_contained()
-- next
CREATE FUNCTION movement_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.from_site_id <> NEW.to_site_id AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND (COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at) < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.from_site_id AND s.id < e.id), '') OR COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at) < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.to_site_id AND s.id < e.id), '')))
THEN RAISE EXCEPTION 'the books of the other site are closed for that time' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER movement_closed BEFORE INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_closed()
-- next
CREATE FUNCTION acceptance_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id WHERE a.event_id = NEW.event_id AND c.began_at < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.site_id AND s.id < NEW.event_id), ''))
THEN RAISE EXCEPTION 'the books are closed for the time at which the count began' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER acceptance_closed BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION acceptance_closed()
-- next
CREATE FUNCTION event_instants() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.happened_at NOT LIKE '____-__-__T__:__:__.______Z' OR NEW.recorded_at NOT LIKE '____-__-__T__:__:__.______Z'
THEN RAISE EXCEPTION 'an instant is a date and a time of day' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_instants BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_instants()
-- next
CREATE FUNCTION event_reason() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reason <> trim(NEW.reason)
THEN RAISE EXCEPTION 'a reason is not made of spaces' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_reason BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_reason()
-- next
CREATE FUNCTION event_clock() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND CAST((SELECT e.recorded_at FROM chain_link l JOIN stock_event e ON e.id = l.event_id WHERE l.site_id = NEW.site_id ORDER BY l.number DESC LIMIT 1) AS timestamptz) - CAST(NEW.happened_at AS timestamptz) > INTERVAL '1 day'
THEN RAISE EXCEPTION 'what is entered more than a day after it happened, by the newest entry, needs a reason and a second person' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_clock BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_clock()
-- next
CREATE FUNCTION close_after_all() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c JOIN stock_event e ON e.site_id = NEW.site_id AND e.id < NEW.event_id WHERE c.event_id = NEW.event_id AND c.final = 1 AND e.happened_at > c.closed_until)
THEN RAISE EXCEPTION 'a final close reaches to the last entry' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER close_after_all BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION close_after_all()
-- next
CREATE FUNCTION need_reserve() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.voters IS NOT NULL AND (NEW.voters < 0 OR NEW.stations < 0 OR NOT EXISTS (SELECT 1 FROM ballot_class k JOIN election e ON e.name = k.election WHERE k.id = NEW.class_id AND e.reserve_num = NEW.reserve_num AND e.reserve_den = NEW.reserve_den))
THEN RAISE EXCEPTION 'a need is reckoned with the reserve of its election' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER need_reserve BEFORE INSERT ON need_line FOR EACH ROW EXECUTE FUNCTION need_reserve()
-- next
CREATE FUNCTION event_not_counted_since() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind NOT IN ('reversal', 'count_acceptance') AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id JOIN stock_count c ON c.class_id = m.class_id AND c.began_at > e.happened_at JOIN count_acceptance a ON a.count_id = c.event_id WHERE e.id = NEW.event_id AND a.event_id < e.id AND (SELECT w.site_id FROM stock_event w WHERE w.id = c.event_id) = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = a.event_id AND u.id < e.id))
THEN RAISE EXCEPTION 'these ballots have been counted since, and the count accepted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_not_counted_since BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION event_not_counted_since()
-- next
CREATE FUNCTION acceptance_newest() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id JOIN stock_count d ON d.class_id = c.class_id AND d.position > c.position JOIN stock_event w ON w.id = d.event_id AND w.site_id = NEW.site_id JOIN count_acceptance b ON b.count_id = d.event_id WHERE a.event_id = NEW.event_id AND b.event_id < a.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = b.event_id AND u.id < NEW.event_id))
THEN RAISE EXCEPTION 'a later count of these ballots has been accepted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER acceptance_newest BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION acceptance_newest()
-- next
CREATE FUNCTION variance_explained() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id WHERE e.id = NEW.event_id AND e.reason = '')
THEN RAISE EXCEPTION 'a variance needs a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER variance_explained BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION variance_explained()
-- next
CREATE FUNCTION claims_stay_covered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('reversal', 'adjustment') AND EXISTS (SELECT 1 FROM movement r WHERE r.event_id = NEW.event_id AND ((r.from_state = 'damaged' AND COALESCE((SELECT sum(q.for_damaged) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' AND m.to_state <> 'destroyed'), 0))) OR (r.from_state = 'short_claim' AND r.to_state = 'printer' AND COALESCE((SELECT sum(q.for_short) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND d.class_id = r.class_id AND d.declared > d.received), 0))))
THEN RAISE EXCEPTION 'reprints have been requested for what this entry found damaged or short' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER claims_stay_covered BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION claims_stay_covered()
-- next
CREATE FUNCTION receipt_of_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reprint_receipt' AND NOT EXISTS (SELECT 1 FROM reprint_receipt r JOIN reprint_request q ON q.event_id = r.request_id JOIN stock_event e ON e.id = q.event_id WHERE r.event_id = NEW.event_id AND e.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = q.event_id AND u.id < NEW.event_id) AND (SELECT sum(o.sheets) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged + q.for_short AND (SELECT sum(o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_short AND (SELECT sum(o.sheets - o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged AND r.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id) AND r.for_short = COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id AND m.from_state = 'short_claim'), 0) AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> q.class_id))
THEN RAISE EXCEPTION 'reprints are received for an open request of this site, and never above it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER receipt_of_request BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION receipt_of_request()
-- next
CREATE FUNCTION witness_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.name <> trim(NEW.name) OR EXISTS (SELECT 1 FROM witness w WHERE w.event_id = NEW.event_id AND w.name <> NEW.name AND lower(w.name) = lower(NEW.name))
THEN RAISE EXCEPTION 'each witness is named once' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER witness_once BEFORE INSERT ON witness FOR EACH ROW EXECUTE FUNCTION witness_once()
-- next
CREATE FUNCTION packed_box_alone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('repack', 'reversal') AND EXISTS (SELECT 1 FROM movement m JOIN content p ON p.container_id = m.to_container_id JOIN content t ON t.container_id = m.to_container_id WHERE m.event_id = NEW.event_id AND p.quantity > 0 AND p.state = 'packed' AND t.quantity > 0 AND t.state <> 'packed')
THEN RAISE EXCEPTION 'nothing goes into a box that is packed for a station' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packed_box_alone BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION packed_box_alone()
-- next
CREATE FUNCTION placement_beside_packed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM content t WHERE t.container_id = NEW.parent_id AND t.quantity > 0 AND t.state = 'packed')
THEN RAISE EXCEPTION 'nothing is put into a box that is packed for a station' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER placement_beside_packed BEFORE INSERT ON placement FOR EACH ROW EXECUTE FUNCTION placement_beside_packed()
-- next
CREATE FUNCTION opening_here() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM seal s JOIN content t ON t.container_id = s.container_id JOIN stock_event e ON e.id = NEW.event_id WHERE s.number = NEW.seal_number AND t.quantity > 0 AND t.site_id <> e.site_id)
THEN RAISE EXCEPTION 'a container is opened where it is' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER opening_here BEFORE INSERT ON seal_break FOR EACH ROW EXECUTE FUNCTION opening_here()
-- next
CREATE FUNCTION consignment_named() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF trim(NEW.number) = '' OR trim(NEW.from_person) = '' OR trim(NEW.to_person) = '' OR lower(trim(NEW.from_person)) = lower(trim(NEW.to_person))
THEN RAISE EXCEPTION 'a consignment names its number and two persons' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_named BEFORE INSERT ON consignment FOR EACH ROW EXECUTE FUNCTION consignment_named()
-- next
CREATE FUNCTION dispatch_of_station() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'dispatch' AND EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id AND t.kind = 'tps' JOIN movement m ON m.event_id = g.event_id JOIN packing p ON p.container_id = m.from_container_id WHERE g.event_id = NEW.event_id AND m.from_state = 'packed' AND p.station_id <> g.to_site_id)
THEN RAISE EXCEPTION 'a polling station is sent the boxes that are packed for it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER dispatch_of_station BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION dispatch_of_station()
-- next
CREATE FUNCTION delivered_at_station() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'arrival' AND EXISTS (SELECT 1 FROM movement m JOIN site t ON t.id = m.to_site_id WHERE m.event_id = NEW.event_id AND m.to_state = 'delivered' AND t.kind <> 'tps')
THEN RAISE EXCEPTION 'sheets are delivered at a polling station' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivered_at_station BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION delivered_at_station()
-- next
CREATE FUNCTION end_after_dispatch() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('arrival', 'return', 'loss') AND EXISTS (SELECT 1 FROM consignment_end x JOIN stock_event g ON g.id = x.consignment_id JOIN stock_event e ON e.id = x.event_id WHERE x.event_id = NEW.event_id AND e.happened_at < g.happened_at)
THEN RAISE EXCEPTION 'what arrives, comes back or is lost was sent before' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER end_after_dispatch BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION end_after_dispatch()
-- next
CREATE FUNCTION consignment_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('arrival', 'return', 'loss') AND EXISTS (SELECT 1 FROM consignment_end x JOIN movement m ON m.event_id = x.event_id WHERE x.event_id = NEW.event_id AND (SELECT sum(o.quantity) FROM movement o JOIN consignment_end y ON y.event_id = o.event_id WHERE y.consignment_id = x.consignment_id AND o.from_container_id = m.from_container_id AND o.class_id = m.class_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = y.event_id AND u.id < NEW.event_id)) > (SELECT sum(s.quantity) FROM movement s WHERE s.event_id = x.consignment_id AND s.from_container_id = m.from_container_id AND s.class_id = m.class_id))
THEN RAISE EXCEPTION 'what was sent arrives, comes back or is lost once' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_ends_once BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION consignment_ends_once()
