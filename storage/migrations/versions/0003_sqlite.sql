CREATE INDEX ix_stock_count_class_id_began_at ON stock_count (class_id, began_at)
-- next
CREATE TRIGGER movement_whole BEFORE INSERT ON movement WHEN typeof(NEW.quantity) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of movement are whole numbers'); END
-- next
CREATE TRIGGER voters_roll_whole BEFORE INSERT ON voters_roll WHEN typeof(NEW.stations) NOT IN ('integer', 'null') OR typeof(NEW.voters) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of voters_roll are whole numbers'); END
-- next
CREATE TRIGGER polling_station_whole BEFORE INSERT ON polling_station WHEN typeof(NEW.voters) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of polling_station are whole numbers'); END
-- next
CREATE TRIGGER need_line_whole BEFORE INSERT ON need_line WHEN typeof(NEW.sheets) NOT IN ('integer', 'null') OR typeof(NEW.voters) NOT IN ('integer', 'null') OR typeof(NEW.stations) NOT IN ('integer', 'null') OR typeof(NEW.reserve_num) NOT IN ('integer', 'null') OR typeof(NEW.reserve_den) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of need_line are whole numbers'); END
-- next
CREATE TRIGGER print_order_line_whole BEFORE INSERT ON print_order_line WHEN typeof(NEW.sheets) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of print_order_line are whole numbers'); END
-- next
CREATE TRIGGER delivery_line_whole BEFORE INSERT ON delivery_line WHEN typeof(NEW.declared) NOT IN ('integer', 'null') OR typeof(NEW.received) NOT IN ('integer', 'null') OR typeof(NEW.misrouted) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of delivery_line are whole numbers'); END
-- next
CREATE TRIGGER damage_line_whole BEFORE INSERT ON damage_line WHEN typeof(NEW.sheets) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of damage_line are whole numbers'); END
-- next
CREATE TRIGGER reprint_request_whole BEFORE INSERT ON reprint_request WHEN typeof(NEW.for_damaged) NOT IN ('integer', 'null') OR typeof(NEW.for_short) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of reprint_request are whole numbers'); END
-- next
CREATE TRIGGER reprint_receipt_whole BEFORE INSERT ON reprint_receipt WHEN typeof(NEW.sheets) NOT IN ('integer', 'null') OR typeof(NEW.for_short) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of reprint_receipt are whole numbers'); END
-- next
CREATE TRIGGER stock_count_whole BEFORE INSERT ON stock_count WHEN typeof(NEW.position) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of stock_count are whole numbers'); END
-- next
CREATE TRIGGER count_sheet_whole BEFORE INSERT ON count_sheet WHEN typeof(NEW.unsorted) NOT IN ('integer', 'null') OR typeof(NEW.good) NOT IN ('integer', 'null') OR typeof(NEW.damaged) NOT IN ('integer', 'null') OR typeof(NEW.surplus) NOT IN ('integer', 'null') OR typeof(NEW.packed) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of count_sheet are whole numbers'); END
-- next
CREATE TRIGGER packing_whole BEFORE INSERT ON packing WHEN typeof(NEW.entitled) NOT IN ('integer', 'null') OR typeof(NEW.sheets) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of packing are whole numbers'); END
-- next
CREATE TRIGGER event_reverses BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.id < NEW.id AND e.site_id = NEW.site_id AND e.kind NOT IN ('schema', 'voters', 'placement', 'sealing', 'opening', 'unpacking', 'destruction', 'close', 'reversal'))
BEGIN SELECT RAISE(ABORT, 'this event cannot be reversed'); END
-- next
CREATE TRIGGER reversal_by_two BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.kind IN ('count_acceptance', 'adjustment'))
BEGIN SELECT RAISE(ABORT, 'an accepted count and an adjustment are taken back by two persons, with a reason'); END
-- next
CREATE TRIGGER movement_contained BEFORE INSERT ON movement WHEN (NEW.from_container_id IS NOT NULL AND NEW.from_state IN ('printer', 'short_claim', 'variance')) OR (NEW.to_container_id IS NOT NULL AND NEW.to_state IN ('printer', 'short_claim', 'variance'))
BEGIN SELECT RAISE(ABORT, 'only sheets that can be touched lie in a container'); END
-- next
CREATE TRIGGER movement_closed BEFORE INSERT ON movement WHEN NEW.from_site_id <> NEW.to_site_id AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND (COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at) < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.from_site_id AND s.id < e.id), '') OR COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at) < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.to_site_id AND s.id < e.id), '')))
BEGIN SELECT RAISE(ABORT, 'the books of the other site are closed for that time'); END
-- next
CREATE TRIGGER acceptance_closed BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id WHERE a.event_id = NEW.event_id AND c.began_at < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.site_id AND s.id < NEW.event_id), ''))
BEGIN SELECT RAISE(ABORT, 'the books are closed for the time at which the count began'); END
-- next
CREATE TRIGGER event_instants BEFORE INSERT ON stock_event WHEN NEW.happened_at NOT LIKE '____-__-__T__:__:__.______Z' OR NEW.recorded_at NOT LIKE '____-__-__T__:__:__.______Z' OR julianday(NEW.happened_at) IS NULL OR julianday(NEW.recorded_at) IS NULL
BEGIN SELECT RAISE(ABORT, 'an instant is a date and a time of day'); END
-- next
CREATE TRIGGER event_reason BEFORE INSERT ON stock_event WHEN NEW.reason <> trim(NEW.reason)
BEGIN SELECT RAISE(ABORT, 'a reason is not made of spaces'); END
-- next
CREATE TRIGGER event_clock BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND julianday((SELECT e.recorded_at FROM chain_link l JOIN stock_event e ON e.id = l.event_id WHERE l.site_id = NEW.site_id ORDER BY l.number DESC LIMIT 1)) - julianday(NEW.happened_at) > 1.00000001
BEGIN SELECT RAISE(ABORT, 'what is entered more than a day after it happened, by the newest entry, needs a reason and a second person'); END
-- next
CREATE TRIGGER close_after_all BEFORE INSERT ON chain_link WHEN NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c JOIN stock_event e ON e.site_id = NEW.site_id AND e.id < NEW.event_id WHERE c.event_id = NEW.event_id AND c.final = 1 AND e.happened_at > c.closed_until)
BEGIN SELECT RAISE(ABORT, 'a final close reaches to the last entry'); END
-- next
CREATE TRIGGER need_reserve BEFORE INSERT ON need_line WHEN NEW.voters IS NOT NULL AND (NEW.voters < 0 OR NEW.stations < 0 OR NOT EXISTS (SELECT 1 FROM ballot_class k JOIN election e ON e.name = k.election WHERE k.id = NEW.class_id AND e.reserve_num = NEW.reserve_num AND e.reserve_den = NEW.reserve_den))
BEGIN SELECT RAISE(ABORT, 'a need is reckoned with the reserve of its election'); END
-- next
CREATE TRIGGER event_not_counted_since BEFORE INSERT ON chain_link WHEN NEW.kind NOT IN ('reversal', 'count_acceptance') AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id JOIN stock_count c ON c.class_id = m.class_id AND c.began_at > e.happened_at JOIN count_acceptance a ON a.count_id = c.event_id WHERE e.id = NEW.event_id AND a.event_id < e.id AND (SELECT w.site_id FROM stock_event w WHERE w.id = c.event_id) = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = a.event_id AND u.id < e.id))
BEGIN SELECT RAISE(ABORT, 'these ballots have been counted since, and the count accepted'); END
-- next
CREATE TRIGGER acceptance_newest BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id JOIN stock_count d ON d.class_id = c.class_id AND d.position > c.position JOIN stock_event w ON w.id = d.event_id AND w.site_id = NEW.site_id JOIN count_acceptance b ON b.count_id = d.event_id WHERE a.event_id = NEW.event_id AND b.event_id < a.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = b.event_id AND u.id < NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'a later count of these ballots has been accepted'); END
-- next
CREATE TRIGGER variance_explained BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id WHERE e.id = NEW.event_id AND e.reason = '')
BEGIN SELECT RAISE(ABORT, 'a variance needs a reason'); END
-- next
CREATE TRIGGER claims_stay_covered BEFORE INSERT ON chain_link WHEN NEW.kind IN ('reversal', 'adjustment') AND EXISTS (SELECT 1 FROM movement r WHERE r.event_id = NEW.event_id AND ((r.from_state = 'damaged' AND COALESCE((SELECT sum(q.for_damaged) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' AND m.to_state <> 'destroyed'), 0))) OR (r.from_state = 'short_claim' AND r.to_state = 'printer' AND COALESCE((SELECT sum(q.for_short) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND d.class_id = r.class_id AND d.declared > d.received), 0))))
BEGIN SELECT RAISE(ABORT, 'reprints have been requested for what this entry found damaged or short'); END
-- next
CREATE TRIGGER receipt_of_request BEFORE INSERT ON chain_link WHEN NEW.kind = 'reprint_receipt' AND NOT EXISTS (SELECT 1 FROM reprint_receipt r JOIN reprint_request q ON q.event_id = r.request_id JOIN stock_event e ON e.id = q.event_id WHERE r.event_id = NEW.event_id AND e.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = q.event_id AND u.id < NEW.event_id) AND (SELECT sum(o.sheets) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged + q.for_short AND (SELECT sum(o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_short AND (SELECT sum(o.sheets - o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged AND r.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id) AND r.for_short = COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id AND m.from_state = 'short_claim'), 0) AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> q.class_id))
BEGIN SELECT RAISE(ABORT, 'reprints are received for an open request of this site, and never above it'); END
-- next
CREATE TRIGGER witness_once BEFORE INSERT ON witness WHEN NEW.name <> trim(NEW.name) OR EXISTS (SELECT 1 FROM witness w WHERE w.event_id = NEW.event_id AND w.name <> NEW.name AND lower(w.name) = lower(NEW.name))
BEGIN SELECT RAISE(ABORT, 'each witness is named once'); END
-- next
CREATE TRIGGER packed_box_alone BEFORE INSERT ON chain_link WHEN NEW.kind IN ('repack', 'reversal') AND EXISTS (SELECT 1 FROM movement m JOIN content p ON p.container_id = m.to_container_id JOIN content t ON t.container_id = m.to_container_id WHERE m.event_id = NEW.event_id AND p.quantity > 0 AND p.state = 'packed' AND t.quantity > 0 AND t.state <> 'packed')
BEGIN SELECT RAISE(ABORT, 'nothing goes into a box that is packed for a station'); END
-- next
CREATE TRIGGER placement_beside_packed BEFORE INSERT ON placement WHEN EXISTS (SELECT 1 FROM content t WHERE t.container_id = NEW.parent_id AND t.quantity > 0 AND t.state = 'packed')
BEGIN SELECT RAISE(ABORT, 'nothing is put into a box that is packed for a station'); END
-- next
CREATE TRIGGER opening_here BEFORE INSERT ON seal_break WHEN EXISTS (SELECT 1 FROM seal s JOIN content t ON t.container_id = s.container_id JOIN stock_event e ON e.id = NEW.event_id WHERE s.number = NEW.seal_number AND t.quantity > 0 AND t.site_id <> e.site_id)
BEGIN SELECT RAISE(ABORT, 'a container is opened where it is'); END
-- next
CREATE TRIGGER consignment_named BEFORE INSERT ON consignment WHEN trim(NEW.number) = '' OR trim(NEW.from_person) = '' OR trim(NEW.to_person) = '' OR lower(trim(NEW.from_person)) = lower(trim(NEW.to_person))
BEGIN SELECT RAISE(ABORT, 'a consignment names its number and two persons'); END
-- next
CREATE TRIGGER dispatch_of_station BEFORE INSERT ON chain_link WHEN NEW.kind = 'dispatch' AND EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id AND t.kind = 'tps' JOIN movement m ON m.event_id = g.event_id JOIN packing p ON p.container_id = m.from_container_id WHERE g.event_id = NEW.event_id AND m.from_state = 'packed' AND p.station_id <> g.to_site_id)
BEGIN SELECT RAISE(ABORT, 'a polling station is sent the boxes that are packed for it'); END
-- next
CREATE TRIGGER delivered_at_station BEFORE INSERT ON chain_link WHEN NEW.kind = 'arrival' AND EXISTS (SELECT 1 FROM movement m JOIN site t ON t.id = m.to_site_id WHERE m.event_id = NEW.event_id AND m.to_state = 'delivered' AND t.kind <> 'tps')
BEGIN SELECT RAISE(ABORT, 'sheets are delivered at a polling station'); END
-- next
CREATE TRIGGER end_after_dispatch BEFORE INSERT ON chain_link WHEN NEW.kind IN ('arrival', 'return', 'loss') AND EXISTS (SELECT 1 FROM consignment_end x JOIN stock_event g ON g.id = x.consignment_id JOIN stock_event e ON e.id = x.event_id WHERE x.event_id = NEW.event_id AND e.happened_at < g.happened_at)
BEGIN SELECT RAISE(ABORT, 'what arrives, comes back or is lost was sent before'); END
-- next
CREATE TRIGGER consignment_ends_once BEFORE INSERT ON chain_link WHEN NEW.kind IN ('arrival', 'return', 'loss') AND EXISTS (SELECT 1 FROM consignment_end x JOIN movement m ON m.event_id = x.event_id WHERE x.event_id = NEW.event_id AND (SELECT sum(o.quantity) FROM movement o JOIN consignment_end y ON y.event_id = o.event_id WHERE y.consignment_id = x.consignment_id AND o.from_container_id = m.from_container_id AND o.class_id = m.class_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = y.event_id AND u.id < NEW.event_id)) > (SELECT sum(s.quantity) FROM movement s WHERE s.event_id = x.consignment_id AND s.from_container_id = m.from_container_id AND s.class_id = m.class_id))
BEGIN SELECT RAISE(ABORT, 'what was sent arrives, comes back or is lost once'); END
