CREATE TABLE election (
    name VARCHAR(40) NOT NULL,
    reserve_num INTEGER NOT NULL,
    reserve_den INTEGER NOT NULL,
    polling_day VARCHAR(10),
    CONSTRAINT pk_election PRIMARY KEY (name),
    CONSTRAINT ck_election_reserve CHECK (reserve_num >= 0 AND reserve_den > 0 AND reserve_num <= reserve_den)
)
-- next
CREATE TABLE legal_move (
    kind VARCHAR(20) NOT NULL,
    from_state VARCHAR(12) NOT NULL,
    to_state VARCHAR(12) NOT NULL,
    CONSTRAINT pk_legal_move PRIMARY KEY (kind, from_state, to_state)
)
-- next
CREATE TABLE region (
    code VARCHAR(16) NOT NULL,
    level VARCHAR(8) NOT NULL,
    name VARCHAR(80) NOT NULL,
    parent_code VARCHAR(16),
    CONSTRAINT pk_region PRIMARY KEY (code),
    CONSTRAINT ck_region_level CHECK (level IN ('province', 'regency', 'district', 'village')),
    CONSTRAINT ck_region_parent CHECK ((level = 'province') = (parent_code IS NULL)),
    CONSTRAINT fk_region_parent_code FOREIGN KEY(parent_code) REFERENCES region (code)
)
-- next
CREATE INDEX ix_region_parent_code ON region (parent_code)
-- next
CREATE TABLE ballot_class (
    id SERIAL NOT NULL,
    election VARCHAR(40) NOT NULL,
    type VARCHAR(16) NOT NULL,
    district VARCHAR(80) NOT NULL,
    purpose VARCHAR(8) NOT NULL,
    CONSTRAINT pk_ballot_class PRIMARY KEY (id),
    CONSTRAINT ck_ballot_class_type CHECK (type IN ('ppwp', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabko', 'gubernur', 'bupati_walikota')),
    CONSTRAINT ck_ballot_class_purpose CHECK (purpose IN ('regular', 're_vote')),
    CONSTRAINT uq_ballot_class_election_type_district_purpose UNIQUE (election, type, district, purpose),
    CONSTRAINT fk_ballot_class_election FOREIGN KEY(election) REFERENCES election (name)
)
-- next
CREATE TABLE balance (
    site_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    quantity BIGINT NOT NULL,
    contained BIGINT NOT NULL,
    movement_id INTEGER NOT NULL,
    CONSTRAINT pk_balance PRIMARY KEY (site_id, class_id, state),
    CONSTRAINT ck_balance_state CHECK (state IN ('unsorted', 'good', 'damaged', 'surplus', 'packed', 'in_transit', 'delivered', 'lost', 'destroyed', 'printer', 'short_claim', 'variance')),
    CONSTRAINT ck_balance_quantity CHECK (quantity >= 0 OR state IN ('printer', 'short_claim', 'variance')),
    CONSTRAINT ck_balance_contained CHECK (contained BETWEEN 0 AND quantity OR (contained = 0 AND state IN ('printer', 'short_claim', 'variance'))),
    CONSTRAINT fk_balance_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_balance_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE TABLE chain_link (
    event_id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_chain_link PRIMARY KEY (event_id),
    CONSTRAINT uq_chain_link_site_id_number UNIQUE (site_id, number),
    CONSTRAINT ck_chain_link_hash CHECK (length(hash) = 32),
    CONSTRAINT ck_chain_link_number CHECK (number > 0),
    CONSTRAINT fk_chain_link_site_id FOREIGN KEY(site_id) REFERENCES site (id)
)
-- next
CREATE TABLE class_area (
    class_id INTEGER NOT NULL,
    region_code VARCHAR(16) NOT NULL,
    CONSTRAINT pk_class_area PRIMARY KEY (class_id, region_code),
    CONSTRAINT fk_class_area_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id),
    CONSTRAINT fk_class_area_region_code FOREIGN KEY(region_code) REFERENCES region (code)
)
-- next
CREATE INDEX ix_class_area_region_code ON class_area (region_code)
-- next
CREATE TABLE stock_event (
    id SERIAL NOT NULL,
    site_id INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    happened_at VARCHAR(27) NOT NULL,
    recorded_at VARCHAR(27) NOT NULL,
    person_id INTEGER NOT NULL,
    second_id INTEGER,
    reason VARCHAR(400) DEFAULT '' NOT NULL,
    reverses_id INTEGER,
    holds_from INTEGER,
    key VARCHAR(80) NOT NULL,
    CONSTRAINT pk_stock_event PRIMARY KEY (id),
    CONSTRAINT ck_stock_event_kind CHECK (kind IN ('schema', 'need', 'voters', 'print_order', 'delivery', 'sorting', 'inspection', 'reprint_request', 'reprint_receipt', 'repack', 'placement', 'sealing', 'opening', 'packing', 'unpacking', 'surplus', 'dispatch', 'arrival', 'return', 'loss', 'count', 'count_sheet', 'count_acceptance', 'adjustment', 'destruction', 'close', 'reversal')),
    CONSTRAINT ck_stock_event_reversal CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL)),
    CONSTRAINT ck_stock_event_holds_from CHECK (holds_from < id),
    CONSTRAINT ck_stock_event_order CHECK (happened_at <= recorded_at),
    CONSTRAINT ck_stock_event_second CHECK (second_id <> person_id),
    CONSTRAINT ck_stock_event_two_persons CHECK (kind NOT IN ('adjustment', 'destruction', 'close') OR (second_id IS NOT NULL AND reason <> '')),
    CONSTRAINT fk_stock_event_id FOREIGN KEY(id) REFERENCES chain_link (event_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_stock_event_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_stock_event_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_stock_event_second_id FOREIGN KEY(second_id) REFERENCES person (id),
    CONSTRAINT uq_stock_event_reverses_id UNIQUE (reverses_id),
    CONSTRAINT fk_stock_event_reverses_id FOREIGN KEY(reverses_id) REFERENCES stock_event (id),
    CONSTRAINT uq_stock_event_key UNIQUE (key)
)
-- next
CREATE INDEX ix_stock_event_site_id_kind ON stock_event (site_id, kind)
-- next
CREATE TABLE consignment (
    event_id INTEGER NOT NULL,
    number VARCHAR(60) NOT NULL,
    to_site_id INTEGER NOT NULL,
    from_person VARCHAR(80) NOT NULL,
    to_person VARCHAR(80) NOT NULL,
    vehicle VARCHAR(40) DEFAULT '' NOT NULL,
    route VARCHAR(120) DEFAULT '' NOT NULL,
    escort VARCHAR(80) DEFAULT '' NOT NULL,
    CONSTRAINT pk_consignment PRIMARY KEY (event_id),
    CONSTRAINT ck_consignment_handover CHECK (number <> '' AND from_person <> '' AND to_person <> '' AND from_person <> to_person),
    CONSTRAINT fk_consignment_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT uq_consignment_number UNIQUE (number),
    CONSTRAINT fk_consignment_to_site_id FOREIGN KEY(to_site_id) REFERENCES site (id)
)
-- next
CREATE TABLE container (
    id SERIAL NOT NULL,
    event_id INTEGER NOT NULL,
    code VARCHAR(60) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    CONSTRAINT pk_container PRIMARY KEY (id),
    CONSTRAINT ck_container_kind CHECK (kind IN ('carton', 'box', 'pallet')),
    CONSTRAINT ck_container_code CHECK (code <> ''),
    CONSTRAINT fk_container_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT uq_container_code UNIQUE (code)
)
-- next
CREATE INDEX ix_container_event_id ON container (event_id)
-- next
CREATE TABLE damage_line (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    criterion VARCHAR(12) NOT NULL,
    sheets BIGINT NOT NULL,
    CONSTRAINT pk_damage_line PRIMARY KEY (event_id, class_id, criterion),
    CONSTRAINT ck_damage_line_criterion CHECK (criterion IN ('unclear', 'discoloured', 'stained', 'torn', 'creased', 'miscut', 'holed', 'incomplete')),
    CONSTRAINT ck_damage_line_sheets CHECK (sheets > 0),
    CONSTRAINT fk_damage_line_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_damage_line_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE TABLE minutes (
    event_id INTEGER NOT NULL,
    number VARCHAR(60) NOT NULL,
    CONSTRAINT pk_minutes PRIMARY KEY (event_id),
    CONSTRAINT ck_minutes_number CHECK (number <> ''),
    CONSTRAINT fk_minutes_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
-- next
CREATE TABLE need_line (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    sheets BIGINT NOT NULL,
    voters BIGINT,
    stations INTEGER,
    reserve_num INTEGER,
    reserve_den INTEGER,
    CONSTRAINT pk_need_line PRIMARY KEY (event_id, class_id),
    CONSTRAINT ck_need_line_sheets CHECK (sheets BETWEEN 0 AND 10000000000),
    CONSTRAINT ck_need_line_electorate CHECK ((voters IS NULL) = (stations IS NULL) AND (voters IS NULL) = (reserve_num IS NULL) AND (voters IS NULL) = (reserve_den IS NULL)),
    CONSTRAINT ck_need_line_possible CHECK (voters IS NULL OR (sheets * reserve_den >= (reserve_den + reserve_num) * voters AND sheets * reserve_den <= (reserve_den + reserve_num) * voters + (reserve_den - 1) * stations)),
    CONSTRAINT fk_need_line_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_need_line_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE INDEX ix_need_line_class_id ON need_line (class_id)
-- next
CREATE TABLE print_order (
    event_id INTEGER NOT NULL,
    number VARCHAR(60) NOT NULL,
    printer_id INTEGER NOT NULL,
    CONSTRAINT pk_print_order PRIMARY KEY (event_id),
    CONSTRAINT ck_print_order_number CHECK (number <> ''),
    CONSTRAINT fk_print_order_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_print_order_printer_id FOREIGN KEY(printer_id) REFERENCES site (id)
)
-- next
CREATE TABLE reprint_request (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    for_damaged BIGINT NOT NULL,
    for_short BIGINT NOT NULL,
    CONSTRAINT pk_reprint_request PRIMARY KEY (event_id),
    CONSTRAINT ck_reprint_request_sheets CHECK (for_damaged >= 0 AND for_short >= 0 AND for_damaged + for_short > 0),
    CONSTRAINT fk_reprint_request_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_reprint_request_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE INDEX ix_reprint_request_class_id ON reprint_request (class_id)
-- next
CREATE TABLE sorting_run (
    event_id INTEGER NOT NULL,
    team VARCHAR(60) NOT NULL,
    CONSTRAINT pk_sorting_run PRIMARY KEY (event_id),
    CONSTRAINT fk_sorting_run_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
-- next
CREATE TABLE stock_close (
    event_id INTEGER NOT NULL,
    closed_until VARCHAR(27) NOT NULL,
    final INTEGER NOT NULL,
    CONSTRAINT pk_stock_close PRIMARY KEY (event_id),
    CONSTRAINT ck_stock_close_final CHECK (final IN (0, 1)),
    CONSTRAINT fk_stock_close_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
-- next
CREATE TABLE stock_count (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    began_at VARCHAR(27) NOT NULL,
    CONSTRAINT pk_stock_count PRIMARY KEY (event_id),
    CONSTRAINT fk_stock_count_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_stock_count_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE TABLE voters_roll (
    event_id INTEGER NOT NULL,
    election VARCHAR(40) NOT NULL,
    stations INTEGER NOT NULL,
    voters BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    CONSTRAINT pk_voters_roll PRIMARY KEY (event_id),
    CONSTRAINT fk_voters_roll_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_voters_roll_election FOREIGN KEY(election) REFERENCES election (name)
)
-- next
CREATE TABLE witness (
    event_id INTEGER NOT NULL,
    name VARCHAR(80) NOT NULL,
    institution VARCHAR(12) NOT NULL,
    CONSTRAINT pk_witness PRIMARY KEY (event_id, name),
    CONSTRAINT ck_witness_name CHECK (name <> ''),
    CONSTRAINT ck_witness_institution CHECK (institution IN ('bawaslu', 'polri', 'tni', 'kpu', 'party', 'public')),
    CONSTRAINT fk_witness_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
-- next
CREATE TABLE consignment_end (
    event_id INTEGER NOT NULL,
    consignment_id INTEGER NOT NULL,
    CONSTRAINT pk_consignment_end PRIMARY KEY (event_id),
    CONSTRAINT fk_consignment_end_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_consignment_end_consignment_id FOREIGN KEY(consignment_id) REFERENCES consignment (event_id)
)
-- next
CREATE INDEX ix_consignment_end_consignment_id ON consignment_end (consignment_id)
-- next
CREATE TABLE content (
    container_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    quantity BIGINT NOT NULL,
    movement_id INTEGER NOT NULL,
    CONSTRAINT pk_content PRIMARY KEY (container_id, class_id, site_id, state),
    CONSTRAINT ck_content_quantity CHECK (quantity >= 0),
    CONSTRAINT fk_content_container_id FOREIGN KEY(container_id) REFERENCES container (id),
    CONSTRAINT fk_content_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id),
    CONSTRAINT fk_content_site_id FOREIGN KEY(site_id) REFERENCES site (id)
)
-- next
CREATE TABLE count_sheet (
    event_id INTEGER NOT NULL,
    count_id INTEGER NOT NULL,
    team INTEGER NOT NULL,
    unsorted BIGINT NOT NULL,
    good BIGINT NOT NULL,
    damaged BIGINT NOT NULL,
    surplus BIGINT NOT NULL,
    packed BIGINT NOT NULL,
    CONSTRAINT pk_count_sheet PRIMARY KEY (event_id),
    CONSTRAINT ck_count_sheet_team CHECK (team BETWEEN 1 AND 3),
    CONSTRAINT ck_count_sheet_sheets CHECK (unsorted >= 0 AND good >= 0 AND damaged >= 0 AND surplus >= 0 AND packed >= 0),
    CONSTRAINT fk_count_sheet_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_count_sheet_count_id FOREIGN KEY(count_id) REFERENCES stock_count (event_id)
)
-- next
CREATE INDEX ix_count_sheet_count_id ON count_sheet (count_id)
-- next
CREATE TABLE delivery (
    event_id INTEGER NOT NULL,
    note_number VARCHAR(60) NOT NULL,
    order_id INTEGER,
    CONSTRAINT pk_delivery PRIMARY KEY (event_id),
    CONSTRAINT fk_delivery_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_delivery_order_id FOREIGN KEY(order_id) REFERENCES print_order (event_id)
)
-- next
CREATE INDEX ix_delivery_note_number ON delivery (note_number)
-- next
CREATE TABLE movement (
    id SERIAL NOT NULL,
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    quantity BIGINT NOT NULL,
    from_site_id INTEGER NOT NULL,
    from_state VARCHAR(12) NOT NULL,
    from_container_id INTEGER,
    to_site_id INTEGER NOT NULL,
    to_state VARCHAR(12) NOT NULL,
    to_container_id INTEGER,
    CONSTRAINT pk_movement PRIMARY KEY (id),
    CONSTRAINT ck_movement_quantity CHECK (quantity > 0),
    CONSTRAINT ck_movement_state CHECK (from_state IN ('unsorted', 'good', 'damaged', 'surplus', 'packed', 'in_transit', 'delivered', 'lost', 'destroyed', 'printer', 'short_claim', 'variance') AND to_state IN ('unsorted', 'good', 'damaged', 'surplus', 'packed', 'in_transit', 'delivered', 'lost', 'destroyed', 'printer', 'short_claim', 'variance')),
    CONSTRAINT ck_movement_somewhere CHECK (from_state <> to_state OR from_site_id <> to_site_id OR coalesce(from_container_id, 0) <> coalesce(to_container_id, 0)),
    CONSTRAINT fk_movement_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_movement_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id),
    CONSTRAINT fk_movement_from_site_id FOREIGN KEY(from_site_id) REFERENCES site (id),
    CONSTRAINT fk_movement_from_container_id FOREIGN KEY(from_container_id) REFERENCES container (id),
    CONSTRAINT fk_movement_to_site_id FOREIGN KEY(to_site_id) REFERENCES site (id),
    CONSTRAINT fk_movement_to_container_id FOREIGN KEY(to_container_id) REFERENCES container (id)
)
-- next
CREATE INDEX ix_movement_event_id ON movement (event_id)
-- next
CREATE INDEX ix_movement_from ON movement (from_site_id, class_id, from_state, event_id, quantity)
-- next
CREATE INDEX ix_movement_from_container ON movement (from_container_id) WHERE from_container_id IS NOT NULL
-- next
CREATE INDEX ix_movement_to ON movement (to_site_id, class_id, to_state, event_id, quantity)
-- next
CREATE INDEX ix_movement_to_container ON movement (to_container_id) WHERE to_container_id IS NOT NULL
-- next
CREATE TABLE packing (
    event_id INTEGER NOT NULL,
    station_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    container_id INTEGER NOT NULL,
    entitled INTEGER NOT NULL,
    sheets INTEGER NOT NULL,
    CONSTRAINT pk_packing PRIMARY KEY (event_id),
    CONSTRAINT ck_packing_sheets CHECK (entitled > 0 AND sheets > 0),
    CONSTRAINT fk_packing_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_packing_station_id FOREIGN KEY(station_id) REFERENCES site (id),
    CONSTRAINT fk_packing_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id),
    CONSTRAINT fk_packing_container_id FOREIGN KEY(container_id) REFERENCES container (id)
)
-- next
CREATE INDEX ix_packing_container_id ON packing (container_id)
-- next
CREATE INDEX ix_packing_station_id_class_id ON packing (station_id, class_id)
-- next
CREATE TABLE placement (
    event_id INTEGER NOT NULL,
    container_id INTEGER NOT NULL,
    parent_id INTEGER,
    room_id INTEGER,
    CONSTRAINT pk_placement PRIMARY KEY (event_id, container_id),
    CONSTRAINT fk_placement_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_placement_container_id FOREIGN KEY(container_id) REFERENCES container (id),
    CONSTRAINT fk_placement_parent_id FOREIGN KEY(parent_id) REFERENCES container (id),
    CONSTRAINT fk_placement_room_id FOREIGN KEY(room_id) REFERENCES room (id)
)
-- next
CREATE INDEX ix_placement_container_id ON placement (container_id, event_id)
-- next
CREATE INDEX ix_placement_parent_id ON placement (parent_id)
-- next
CREATE TABLE polling_station (
    election VARCHAR(40) NOT NULL,
    site_id INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    voters INTEGER NOT NULL,
    CONSTRAINT pk_polling_station PRIMARY KEY (election, site_id),
    CONSTRAINT ck_polling_station_voters CHECK (voters >= 0),
    CONSTRAINT fk_polling_station_election FOREIGN KEY(election) REFERENCES election (name),
    CONSTRAINT fk_polling_station_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_polling_station_event_id FOREIGN KEY(event_id) REFERENCES voters_roll (event_id)
)
-- next
CREATE INDEX ix_polling_station_event_id ON polling_station (event_id)
-- next
CREATE TABLE print_order_line (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    sheets BIGINT NOT NULL,
    CONSTRAINT pk_print_order_line PRIMARY KEY (event_id, class_id),
    CONSTRAINT ck_print_order_line_sheets CHECK (sheets > 0),
    CONSTRAINT fk_print_order_line_event_id FOREIGN KEY(event_id) REFERENCES print_order (event_id),
    CONSTRAINT fk_print_order_line_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE TABLE reprint_receipt (
    event_id INTEGER NOT NULL,
    request_id INTEGER NOT NULL,
    sheets BIGINT NOT NULL,
    for_short BIGINT NOT NULL,
    CONSTRAINT pk_reprint_receipt PRIMARY KEY (event_id),
    CONSTRAINT ck_reprint_receipt_sheets CHECK (sheets > 0 AND for_short BETWEEN 0 AND sheets),
    CONSTRAINT fk_reprint_receipt_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_reprint_receipt_request_id FOREIGN KEY(request_id) REFERENCES reprint_request (event_id)
)
-- next
CREATE INDEX ix_reprint_receipt_request_id ON reprint_receipt (request_id)
-- next
CREATE TABLE seal (
    number VARCHAR(40) NOT NULL,
    event_id INTEGER NOT NULL,
    container_id INTEGER NOT NULL,
    CONSTRAINT pk_seal PRIMARY KEY (number),
    CONSTRAINT ck_seal_number CHECK (number <> ''),
    CONSTRAINT fk_seal_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_seal_container_id FOREIGN KEY(container_id) REFERENCES container (id)
)
-- next
CREATE INDEX ix_seal_container_id ON seal (container_id)
-- next
CREATE INDEX ix_seal_event_id ON seal (event_id)
-- next
CREATE TABLE count_acceptance (
    event_id INTEGER NOT NULL,
    count_id INTEGER NOT NULL,
    sheet_id INTEGER NOT NULL,
    CONSTRAINT pk_count_acceptance PRIMARY KEY (event_id),
    CONSTRAINT fk_count_acceptance_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_count_acceptance_count_id FOREIGN KEY(count_id) REFERENCES stock_count (event_id),
    CONSTRAINT fk_count_acceptance_sheet_id FOREIGN KEY(sheet_id) REFERENCES count_sheet (event_id)
)
-- next
CREATE INDEX ix_count_acceptance_count_id ON count_acceptance (count_id)
-- next
CREATE TABLE delivery_line (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    declared BIGINT NOT NULL,
    received BIGINT NOT NULL,
    misrouted BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_delivery_line PRIMARY KEY (event_id, class_id),
    CONSTRAINT ck_delivery_line_sheets CHECK (declared >= 0 AND received >= 0 AND declared + received > 0),
    CONSTRAINT ck_delivery_line_misrouted CHECK (misrouted BETWEEN 0 AND received),
    CONSTRAINT fk_delivery_line_event_id FOREIGN KEY(event_id) REFERENCES delivery (event_id),
    CONSTRAINT fk_delivery_line_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
-- next
CREATE INDEX ix_delivery_line_class_id ON delivery_line (class_id)
-- next
CREATE TABLE seal_break (
    seal_number VARCHAR(40) NOT NULL,
    event_id INTEGER NOT NULL,
    CONSTRAINT pk_seal_break PRIMARY KEY (seal_number),
    CONSTRAINT fk_seal_break_seal_number FOREIGN KEY(seal_number) REFERENCES seal (number),
    CONSTRAINT fk_seal_break_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
-- next
CREATE INDEX ix_seal_break_event_id ON seal_break (event_id)
-- next
CREATE TABLE unpacking (
    event_id INTEGER NOT NULL,
    packing_id INTEGER NOT NULL,
    CONSTRAINT pk_unpacking PRIMARY KEY (event_id),
    CONSTRAINT fk_unpacking_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT uq_unpacking_packing_id UNIQUE (packing_id),
    CONSTRAINT fk_unpacking_packing_id FOREIGN KEY(packing_id) REFERENCES packing (event_id)
)
-- next
INSERT INTO legal_move (kind, from_state, to_state) VALUES ('delivery', 'printer', 'unsorted'), ('delivery', 'printer', 'short_claim'), ('sorting', 'unsorted', 'good'), ('sorting', 'unsorted', 'damaged'), ('inspection', 'unsorted', 'damaged'), ('inspection', 'good', 'damaged'), ('inspection', 'surplus', 'damaged'), ('reprint_receipt', 'printer', 'unsorted'), ('reprint_receipt', 'short_claim', 'unsorted'), ('repack', 'unsorted', 'unsorted'), ('repack', 'good', 'good'), ('repack', 'damaged', 'damaged'), ('repack', 'surplus', 'surplus'), ('packing', 'good', 'packed'), ('unpacking', 'packed', 'good'), ('surplus', 'good', 'surplus'), ('surplus', 'surplus', 'good'), ('dispatch', 'good', 'in_transit'), ('dispatch', 'surplus', 'in_transit'), ('dispatch', 'packed', 'in_transit'), ('arrival', 'in_transit', 'good'), ('arrival', 'in_transit', 'packed'), ('arrival', 'in_transit', 'delivered'), ('return', 'in_transit', 'good'), ('return', 'in_transit', 'surplus'), ('return', 'in_transit', 'packed'), ('loss', 'in_transit', 'lost'), ('count_acceptance', 'variance', 'unsorted'), ('count_acceptance', 'variance', 'good'), ('count_acceptance', 'variance', 'damaged'), ('count_acceptance', 'variance', 'surplus'), ('count_acceptance', 'variance', 'packed'), ('count_acceptance', 'unsorted', 'variance'), ('count_acceptance', 'good', 'variance'), ('count_acceptance', 'damaged', 'variance'), ('count_acceptance', 'surplus', 'variance'), ('count_acceptance', 'packed', 'variance'), ('adjustment', 'variance', 'unsorted'), ('adjustment', 'variance', 'good'), ('adjustment', 'variance', 'damaged'), ('adjustment', 'variance', 'surplus'), ('adjustment', 'variance', 'packed'), ('adjustment', 'unsorted', 'variance'), ('adjustment', 'good', 'variance'), ('adjustment', 'damaged', 'variance'), ('adjustment', 'surplus', 'variance'), ('adjustment', 'packed', 'variance'), ('destruction', 'damaged', 'destroyed'), ('destruction', 'surplus', 'destroyed')
-- next
-- triggers
-- next
CREATE FUNCTION movement_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'movement is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER movement_sealed BEFORE INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_sealed()
-- next
CREATE FUNCTION voters_roll_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'voters_roll is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER voters_roll_sealed BEFORE INSERT ON voters_roll FOR EACH ROW EXECUTE FUNCTION voters_roll_sealed()
-- next
CREATE FUNCTION voters_roll_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('voters')
THEN RAISE EXCEPTION 'a row of voters_roll belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER voters_roll_kind BEFORE INSERT ON voters_roll FOR EACH ROW EXECUTE FUNCTION voters_roll_kind()
-- next
CREATE FUNCTION polling_station_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'polling_station is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER polling_station_sealed BEFORE INSERT ON polling_station FOR EACH ROW EXECUTE FUNCTION polling_station_sealed()
-- next
CREATE FUNCTION polling_station_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('voters')
THEN RAISE EXCEPTION 'a row of polling_station belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER polling_station_kind BEFORE INSERT ON polling_station FOR EACH ROW EXECUTE FUNCTION polling_station_kind()
-- next
CREATE FUNCTION need_line_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'need_line is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER need_line_sealed BEFORE INSERT ON need_line FOR EACH ROW EXECUTE FUNCTION need_line_sealed()
-- next
CREATE FUNCTION need_line_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('need')
THEN RAISE EXCEPTION 'a row of need_line belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER need_line_kind BEFORE INSERT ON need_line FOR EACH ROW EXECUTE FUNCTION need_line_kind()
-- next
CREATE FUNCTION print_order_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'print_order is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER print_order_sealed BEFORE INSERT ON print_order FOR EACH ROW EXECUTE FUNCTION print_order_sealed()
-- next
CREATE FUNCTION print_order_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('print_order')
THEN RAISE EXCEPTION 'a row of print_order belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER print_order_kind BEFORE INSERT ON print_order FOR EACH ROW EXECUTE FUNCTION print_order_kind()
-- next
CREATE FUNCTION print_order_line_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'print_order_line is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER print_order_line_sealed BEFORE INSERT ON print_order_line FOR EACH ROW EXECUTE FUNCTION print_order_line_sealed()
-- next
CREATE FUNCTION print_order_line_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('print_order')
THEN RAISE EXCEPTION 'a row of print_order_line belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER print_order_line_kind BEFORE INSERT ON print_order_line FOR EACH ROW EXECUTE FUNCTION print_order_line_kind()
-- next
CREATE FUNCTION delivery_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'delivery is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivery_sealed BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_sealed()
-- next
CREATE FUNCTION delivery_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('delivery')
THEN RAISE EXCEPTION 'a row of delivery belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivery_kind BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_kind()
-- next
CREATE FUNCTION delivery_line_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'delivery_line is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivery_line_sealed BEFORE INSERT ON delivery_line FOR EACH ROW EXECUTE FUNCTION delivery_line_sealed()
-- next
CREATE FUNCTION delivery_line_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('delivery')
THEN RAISE EXCEPTION 'a row of delivery_line belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivery_line_kind BEFORE INSERT ON delivery_line FOR EACH ROW EXECUTE FUNCTION delivery_line_kind()
-- next
CREATE FUNCTION sorting_run_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'sorting_run is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER sorting_run_sealed BEFORE INSERT ON sorting_run FOR EACH ROW EXECUTE FUNCTION sorting_run_sealed()
-- next
CREATE FUNCTION sorting_run_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('sorting')
THEN RAISE EXCEPTION 'a row of sorting_run belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER sorting_run_kind BEFORE INSERT ON sorting_run FOR EACH ROW EXECUTE FUNCTION sorting_run_kind()
-- next
CREATE FUNCTION damage_line_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'damage_line is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER damage_line_sealed BEFORE INSERT ON damage_line FOR EACH ROW EXECUTE FUNCTION damage_line_sealed()
-- next
CREATE FUNCTION damage_line_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('sorting', 'inspection')
THEN RAISE EXCEPTION 'a row of damage_line belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER damage_line_kind BEFORE INSERT ON damage_line FOR EACH ROW EXECUTE FUNCTION damage_line_kind()
-- next
CREATE FUNCTION reprint_request_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'reprint_request is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reprint_request_sealed BEFORE INSERT ON reprint_request FOR EACH ROW EXECUTE FUNCTION reprint_request_sealed()
-- next
CREATE FUNCTION reprint_request_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('reprint_request')
THEN RAISE EXCEPTION 'a row of reprint_request belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reprint_request_kind BEFORE INSERT ON reprint_request FOR EACH ROW EXECUTE FUNCTION reprint_request_kind()
-- next
CREATE FUNCTION reprint_receipt_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'reprint_receipt is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reprint_receipt_sealed BEFORE INSERT ON reprint_receipt FOR EACH ROW EXECUTE FUNCTION reprint_receipt_sealed()
-- next
CREATE FUNCTION reprint_receipt_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('reprint_receipt')
THEN RAISE EXCEPTION 'a row of reprint_receipt belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reprint_receipt_kind BEFORE INSERT ON reprint_receipt FOR EACH ROW EXECUTE FUNCTION reprint_receipt_kind()
-- next
CREATE FUNCTION stock_count_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'stock_count is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER stock_count_sealed BEFORE INSERT ON stock_count FOR EACH ROW EXECUTE FUNCTION stock_count_sealed()
-- next
CREATE FUNCTION stock_count_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('count')
THEN RAISE EXCEPTION 'a row of stock_count belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER stock_count_kind BEFORE INSERT ON stock_count FOR EACH ROW EXECUTE FUNCTION stock_count_kind()
-- next
CREATE FUNCTION count_sheet_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'count_sheet is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_sheet_sealed BEFORE INSERT ON count_sheet FOR EACH ROW EXECUTE FUNCTION count_sheet_sealed()
-- next
CREATE FUNCTION count_sheet_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('count_sheet')
THEN RAISE EXCEPTION 'a row of count_sheet belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_sheet_kind BEFORE INSERT ON count_sheet FOR EACH ROW EXECUTE FUNCTION count_sheet_kind()
-- next
CREATE FUNCTION count_acceptance_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'count_acceptance is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_acceptance_sealed BEFORE INSERT ON count_acceptance FOR EACH ROW EXECUTE FUNCTION count_acceptance_sealed()
-- next
CREATE FUNCTION count_acceptance_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('count_acceptance')
THEN RAISE EXCEPTION 'a row of count_acceptance belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_acceptance_kind BEFORE INSERT ON count_acceptance FOR EACH ROW EXECUTE FUNCTION count_acceptance_kind()
-- next
CREATE FUNCTION minutes_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'minutes is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER minutes_sealed BEFORE INSERT ON minutes FOR EACH ROW EXECUTE FUNCTION minutes_sealed()
-- next
CREATE FUNCTION minutes_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening', 'loss', 'adjustment', 'destruction', 'close')
THEN RAISE EXCEPTION 'a row of minutes belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER minutes_kind BEFORE INSERT ON minutes FOR EACH ROW EXECUTE FUNCTION minutes_kind()
-- next
CREATE FUNCTION witness_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'witness is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER witness_sealed BEFORE INSERT ON witness FOR EACH ROW EXECUTE FUNCTION witness_sealed()
-- next
CREATE FUNCTION witness_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening', 'loss', 'adjustment', 'destruction', 'close')
THEN RAISE EXCEPTION 'a row of witness belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER witness_kind BEFORE INSERT ON witness FOR EACH ROW EXECUTE FUNCTION witness_kind()
-- next
CREATE FUNCTION stock_close_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'stock_close is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER stock_close_sealed BEFORE INSERT ON stock_close FOR EACH ROW EXECUTE FUNCTION stock_close_sealed()
-- next
CREATE FUNCTION stock_close_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('close')
THEN RAISE EXCEPTION 'a row of stock_close belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER stock_close_kind BEFORE INSERT ON stock_close FOR EACH ROW EXECUTE FUNCTION stock_close_kind()
-- next
CREATE FUNCTION container_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'container is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER container_sealed BEFORE INSERT ON container FOR EACH ROW EXECUTE FUNCTION container_sealed()
-- next
CREATE FUNCTION container_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('placement', 'packing')
THEN RAISE EXCEPTION 'a row of container belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER container_kind BEFORE INSERT ON container FOR EACH ROW EXECUTE FUNCTION container_kind()
-- next
CREATE FUNCTION placement_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'placement is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER placement_sealed BEFORE INSERT ON placement FOR EACH ROW EXECUTE FUNCTION placement_sealed()
-- next
CREATE FUNCTION placement_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('placement', 'packing')
THEN RAISE EXCEPTION 'a row of placement belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER placement_kind BEFORE INSERT ON placement FOR EACH ROW EXECUTE FUNCTION placement_kind()
-- next
CREATE FUNCTION seal_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'seal is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER seal_sealed BEFORE INSERT ON seal FOR EACH ROW EXECUTE FUNCTION seal_sealed()
-- next
CREATE FUNCTION seal_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('sealing', 'packing')
THEN RAISE EXCEPTION 'a row of seal belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER seal_kind BEFORE INSERT ON seal FOR EACH ROW EXECUTE FUNCTION seal_kind()
-- next
CREATE FUNCTION seal_break_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'seal_break is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER seal_break_sealed BEFORE INSERT ON seal_break FOR EACH ROW EXECUTE FUNCTION seal_break_sealed()
-- next
CREATE FUNCTION seal_break_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening')
THEN RAISE EXCEPTION 'a row of seal_break belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER seal_break_kind BEFORE INSERT ON seal_break FOR EACH ROW EXECUTE FUNCTION seal_break_kind()
-- next
CREATE FUNCTION packing_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'packing is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_sealed BEFORE INSERT ON packing FOR EACH ROW EXECUTE FUNCTION packing_sealed()
-- next
CREATE FUNCTION packing_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('packing')
THEN RAISE EXCEPTION 'a row of packing belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_kind BEFORE INSERT ON packing FOR EACH ROW EXECUTE FUNCTION packing_kind()
-- next
CREATE FUNCTION unpacking_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'unpacking is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER unpacking_sealed BEFORE INSERT ON unpacking FOR EACH ROW EXECUTE FUNCTION unpacking_sealed()
-- next
CREATE FUNCTION unpacking_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('unpacking')
THEN RAISE EXCEPTION 'a row of unpacking belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER unpacking_kind BEFORE INSERT ON unpacking FOR EACH ROW EXECUTE FUNCTION unpacking_kind()
-- next
CREATE FUNCTION consignment_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'consignment is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_sealed BEFORE INSERT ON consignment FOR EACH ROW EXECUTE FUNCTION consignment_sealed()
-- next
CREATE FUNCTION consignment_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('dispatch')
THEN RAISE EXCEPTION 'a row of consignment belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_kind BEFORE INSERT ON consignment FOR EACH ROW EXECUTE FUNCTION consignment_kind()
-- next
CREATE FUNCTION consignment_end_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'consignment_end is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_end_sealed BEFORE INSERT ON consignment_end FOR EACH ROW EXECUTE FUNCTION consignment_end_sealed()
-- next
CREATE FUNCTION consignment_end_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('arrival', 'return', 'loss')
THEN RAISE EXCEPTION 'a row of consignment_end belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_end_kind BEFORE INSERT ON consignment_end FOR EACH ROW EXECUTE FUNCTION consignment_end_kind()
-- next
CREATE FUNCTION voters_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'voters' AND (NOT EXISTS (SELECT 1 FROM voters_roll f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'voters lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER voters_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION voters_facts()
-- next
CREATE FUNCTION need_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'need' AND (NOT EXISTS (SELECT 1 FROM need_line f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'need lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER need_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION need_facts()
-- next
CREATE FUNCTION print_order_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'print_order' AND (NOT EXISTS (SELECT 1 FROM print_order f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM print_order_line f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'print_order lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER print_order_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION print_order_facts()
-- next
CREATE FUNCTION delivery_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'delivery' AND (NOT EXISTS (SELECT 1 FROM delivery f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM delivery_line f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'delivery lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivery_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION delivery_facts()
-- next
CREATE FUNCTION inspection_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'inspection' AND (NOT EXISTS (SELECT 1 FROM damage_line f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'inspection lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER inspection_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION inspection_facts()
-- next
CREATE FUNCTION reprint_request_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reprint_request' AND (NOT EXISTS (SELECT 1 FROM reprint_request f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'reprint_request lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reprint_request_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION reprint_request_facts()
-- next
CREATE FUNCTION reprint_receipt_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reprint_receipt' AND (NOT EXISTS (SELECT 1 FROM reprint_receipt f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'reprint_receipt lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reprint_receipt_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION reprint_receipt_facts()
-- next
CREATE FUNCTION placement_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'placement' AND (NOT EXISTS (SELECT 1 FROM placement f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'placement lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER placement_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION placement_facts()
-- next
CREATE FUNCTION sealing_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'sealing' AND (NOT EXISTS (SELECT 1 FROM seal f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'sealing lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER sealing_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION sealing_facts()
-- next
CREATE FUNCTION opening_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'opening' AND (NOT EXISTS (SELECT 1 FROM seal_break f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM witness f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'opening lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER opening_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION opening_facts()
-- next
CREATE FUNCTION packing_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'packing' AND (NOT EXISTS (SELECT 1 FROM packing f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'packing lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION packing_facts()
-- next
CREATE FUNCTION unpacking_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'unpacking' AND (NOT EXISTS (SELECT 1 FROM unpacking f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'unpacking lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER unpacking_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION unpacking_facts()
-- next
CREATE FUNCTION dispatch_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'dispatch' AND (NOT EXISTS (SELECT 1 FROM consignment f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'dispatch lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER dispatch_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION dispatch_facts()
-- next
CREATE FUNCTION arrival_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'arrival' AND (NOT EXISTS (SELECT 1 FROM consignment_end f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'arrival lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER arrival_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION arrival_facts()
-- next
CREATE FUNCTION return_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'return' AND (NOT EXISTS (SELECT 1 FROM consignment_end f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'return lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER return_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION return_facts()
-- next
CREATE FUNCTION loss_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'loss' AND (NOT EXISTS (SELECT 1 FROM consignment_end f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM minutes f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'loss lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER loss_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION loss_facts()
-- next
CREATE FUNCTION count_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count' AND (NOT EXISTS (SELECT 1 FROM stock_count f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'count lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION count_facts()
-- next
CREATE FUNCTION count_sheet_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_sheet' AND (NOT EXISTS (SELECT 1 FROM count_sheet f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'count_sheet lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_sheet_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION count_sheet_facts()
-- next
CREATE FUNCTION count_acceptance_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_acceptance' AND (NOT EXISTS (SELECT 1 FROM count_acceptance f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'count_acceptance lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_acceptance_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION count_acceptance_facts()
-- next
CREATE FUNCTION adjustment_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'adjustment' AND (NOT EXISTS (SELECT 1 FROM minutes f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'adjustment lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER adjustment_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION adjustment_facts()
-- next
CREATE FUNCTION destruction_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'destruction' AND (NOT EXISTS (SELECT 1 FROM minutes f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM witness f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'destruction lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER destruction_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION destruction_facts()
-- next
CREATE FUNCTION close_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'close' AND (NOT EXISTS (SELECT 1 FROM stock_close f WHERE f.event_id = NEW.event_id))
THEN RAISE EXCEPTION 'close lacks its facts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER close_facts BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION close_facts()
-- next
CREATE FUNCTION link_follows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.number <> 1 AND NOT EXISTS (SELECT 1 FROM chain_link l WHERE l.site_id = NEW.site_id AND l.number = NEW.number - 1 AND l.event_id < NEW.event_id)
THEN RAISE EXCEPTION 'a link follows the last of its site' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER link_follows BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION link_follows()
-- next
CREATE FUNCTION link_event() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.site_id = NEW.site_id AND e.kind = NEW.kind)
THEN RAISE EXCEPTION 'a link belongs to an event of its site and kind' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER link_event BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION link_event()
-- next
CREATE FUNCTION event_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('sorting', 'inspection', 'repack', 'surplus', 'dispatch', 'arrival', 'return', 'loss', 'adjustment', 'destruction') AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'this kind of event moves sheets' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_moves BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION event_moves()
-- next
CREATE FUNCTION movement_legal() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND (e.kind = 'reversal' OR (NEW.to_site_id = e.site_id AND (NEW.from_site_id = e.site_id OR e.kind = 'arrival') AND EXISTS (SELECT 1 FROM legal_move l WHERE l.kind = e.kind AND l.from_state = NEW.from_state AND l.to_state = NEW.to_state))))
THEN RAISE EXCEPTION 'this kind of event does not move sheets so' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER movement_legal BEFORE INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_legal()
-- next
CREATE FUNCTION reversal_opposite() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reversal' AND EXISTS (SELECT 1 FROM (SELECT m.class_id, m.from_site_id AS site_id, m.from_state AS state, COALESCE(m.from_container_id, 0) AS container_id, -m.quantity AS quantity FROM movement m WHERE m.event_id IN (NEW.event_id, (SELECT e.reverses_id FROM stock_event e WHERE e.id = NEW.event_id)) UNION ALL SELECT m.class_id, m.to_site_id, m.to_state, COALESCE(m.to_container_id, 0), m.quantity FROM movement m WHERE m.event_id IN (NEW.event_id, (SELECT e.reverses_id FROM stock_event e WHERE e.id = NEW.event_id))) b GROUP BY b.class_id, b.site_id, b.state, b.container_id HAVING sum(b.quantity) <> 0)
THEN RAISE EXCEPTION 'a reversal moves the opposite of what it reverses' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER reversal_opposite BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION reversal_opposite()
-- next
CREATE FUNCTION event_reverses() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.id < NEW.id AND e.site_id = NEW.site_id AND e.kind NOT IN ('schema', 'voters', 'placement', 'sealing', 'opening', 'destruction', 'close', 'reversal'))
THEN RAISE EXCEPTION 'this event cannot be reversed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_reverses BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_reverses()
-- next
CREATE FUNCTION event_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.happened_at < (SELECT max(c.closed_until) FROM stock_event e JOIN stock_close c ON c.event_id = e.id WHERE e.site_id = NEW.site_id AND e.kind = 'close' AND e.id < NEW.id) OR (NEW.reverses_id IS NOT NULL AND (SELECT e.happened_at FROM stock_event e WHERE e.id = NEW.reverses_id) < (SELECT max(c.closed_until) FROM stock_event e JOIN stock_close c ON c.event_id = e.id WHERE e.site_id = NEW.site_id AND e.kind = 'close' AND e.id < NEW.id))
THEN RAISE EXCEPTION 'the books are closed for that time' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_closed BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_closed()
-- next
CREATE FUNCTION event_backdated() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF (NEW.second_id IS NULL OR NEW.reason = '') AND CAST(NEW.recorded_at AS timestamptz) - CAST(NEW.happened_at AS timestamptz) > INTERVAL '1 day'
THEN RAISE EXCEPTION 'what is entered more than a day late needs a reason and a second person' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_backdated BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_backdated()
-- next
CREATE FUNCTION event_rights() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM person p WHERE p.id IN (NEW.person_id, NEW.second_id) AND p.role NOT IN ('officer', 'supervisor'))
THEN RAISE EXCEPTION 'only officers and supervisors write in the books' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_rights BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_rights()
-- next
CREATE FUNCTION close_clean() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c WHERE c.event_id = NEW.event_id AND c.final = 1) AND EXISTS (SELECT 1 FROM (SELECT m.class_id, m.from_site_id AS site_id, m.from_state AS state, COALESCE(m.from_container_id, 0) AS container_id, -m.quantity AS quantity FROM movement m WHERE m.event_id < NEW.event_id AND (m.from_site_id = NEW.site_id OR m.to_site_id = NEW.site_id) UNION ALL SELECT m.class_id, m.to_site_id, m.to_state, COALESCE(m.to_container_id, 0), m.quantity FROM movement m WHERE m.event_id < NEW.event_id AND (m.from_site_id = NEW.site_id OR m.to_site_id = NEW.site_id)) b JOIN ballot_class k ON k.id = b.class_id WHERE b.site_id = NEW.site_id AND k.purpose = 'regular' AND b.state IN ('unsorted', 'damaged', 'surplus') GROUP BY b.class_id, b.state HAVING sum(b.quantity) <> 0)
THEN RAISE EXCEPTION 'by the day before polling unsorted, damaged and surplus sheets are gone, except for a re-vote' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER close_clean BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION close_clean()
-- next
CREATE FUNCTION close_advances() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM stock_event n WHERE n.id = NEW.event_id AND (NEW.closed_until > n.recorded_at OR EXISTS (SELECT 1 FROM stock_close c JOIN stock_event e ON e.id = c.event_id WHERE e.site_id = n.site_id AND e.id < n.id AND c.closed_until >= NEW.closed_until)))
THEN RAISE EXCEPTION 'a close reaches further than the one before it, and not into the future' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER close_advances BEFORE INSERT ON stock_close FOR EACH ROW EXECUTE FUNCTION close_advances()
-- next
CREATE FUNCTION roll_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'voters' AND EXISTS (SELECT 1 FROM voters_roll r WHERE r.event_id = NEW.event_id AND (r.stations <> (SELECT count(*) FROM polling_station s WHERE s.event_id = r.event_id) OR r.voters <> (SELECT COALESCE(sum(s.voters), 0) FROM polling_station s WHERE s.event_id = r.event_id) OR EXISTS (SELECT 1 FROM polling_station s WHERE s.event_id = r.event_id AND s.election <> r.election)))
THEN RAISE EXCEPTION 'a roll of voters says how many stations and voters it has' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER roll_adds_up BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION roll_adds_up()
-- next
CREATE FUNCTION delivery_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'delivery' AND (EXISTS (SELECT 1 FROM delivery_line d WHERE d.event_id = NEW.event_id AND (d.received <> COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = d.event_id AND m.class_id = d.class_id AND m.to_state = 'unsorted'), 0) OR CASE WHEN d.declared > d.received THEN d.declared - d.received ELSE 0 END <> COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = d.event_id AND m.class_id = d.class_id AND m.to_state = 'short_claim'), 0))) OR EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM delivery_line d WHERE d.event_id = m.event_id AND d.class_id = m.class_id)))
THEN RAISE EXCEPTION 'declared is received and short less over' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER delivery_adds_up BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION delivery_adds_up()
-- next
CREATE FUNCTION damage_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('sorting', 'inspection') AND EXISTS (SELECT 1 FROM damage_line d WHERE d.event_id = NEW.event_id GROUP BY d.event_id, d.class_id HAVING sum(d.sheets) <> COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = d.event_id AND m.class_id = d.class_id AND m.to_state = 'damaged'), 0))
THEN RAISE EXCEPTION 'the damage criteria add up to the damaged sheets' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER damage_adds_up BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION damage_adds_up()
-- next
CREATE FUNCTION inspection_says_why() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'inspection' AND EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM damage_line d WHERE d.event_id = m.event_id AND d.class_id = m.class_id))
THEN RAISE EXCEPTION 'an inspection says for each class what is wrong with the damaged sheets' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER inspection_says_why BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION inspection_says_why()
-- next
CREATE FUNCTION request_within_claims() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reprint_request' AND EXISTS (SELECT 1 FROM reprint_request r WHERE r.event_id = NEW.event_id AND ((r.for_damaged > 0 AND COALESCE((SELECT sum(q.for_damaged) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' AND m.to_state <> 'destroyed'), 0))) OR (r.for_short > 0 AND COALESCE((SELECT sum(q.for_short) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND d.class_id = r.class_id AND d.declared > d.received), 0))))
THEN RAISE EXCEPTION 'reprints are requested for what is damaged or short only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER request_within_claims BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION request_within_claims()
-- next
CREATE FUNCTION claims_stay_covered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reversal' AND EXISTS (SELECT 1 FROM movement r WHERE r.event_id = NEW.event_id AND ((r.from_state = 'damaged' AND COALESCE((SELECT sum(q.for_damaged) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' AND m.to_state <> 'destroyed'), 0))) OR (r.from_state = 'short_claim' AND r.to_state = 'printer' AND COALESCE((SELECT sum(q.for_short) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND d.class_id = r.class_id AND d.declared > d.received), 0))))
THEN RAISE EXCEPTION 'reprints have been requested for what this entry found damaged or short' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER claims_stay_covered BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION claims_stay_covered()
-- next
CREATE FUNCTION receipt_of_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'reprint_receipt' AND NOT EXISTS (SELECT 1 FROM reprint_receipt r JOIN reprint_request q ON q.event_id = r.request_id JOIN stock_event e ON e.id = q.event_id WHERE r.event_id = NEW.event_id AND e.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = q.event_id AND u.id < NEW.event_id) AND (SELECT sum(o.sheets) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged + q.for_short AND (SELECT sum(o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_short AND r.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id) AND r.for_short = COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id AND m.from_state = 'short_claim'), 0) AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> q.class_id))
THEN RAISE EXCEPTION 'reprints are received for an open request of this site, and never above it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER receipt_of_request BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION receipt_of_request()
-- next
CREATE FUNCTION request_unanswered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM reprint_receipt r WHERE r.request_id = NEW.reverses_id AND r.event_id < NEW.id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = r.event_id AND u.id < NEW.id))
THEN RAISE EXCEPTION 'reprinted sheets of this request have been received' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER request_unanswered BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION request_unanswered()
-- next
CREATE FUNCTION sheet_of_count() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_sheet' AND NOT EXISTS (SELECT 1 FROM count_sheet f JOIN stock_event n ON n.id = f.event_id JOIN stock_event c ON c.id = f.count_id WHERE f.event_id = NEW.event_id AND c.site_id = NEW.site_id AND c.kind = 'count' AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = c.id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM count_sheet t JOIN stock_event w ON w.id = t.event_id WHERE t.count_id = f.count_id AND t.event_id < f.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND (t.team = f.team OR w.person_id = n.person_id)) AND (f.team < 3 OR EXISTS (SELECT 1 FROM count_sheet t JOIN count_sheet o ON o.count_id = t.count_id WHERE t.count_id = f.count_id AND t.team = 1 AND o.team = 2 AND t.event_id < f.event_id AND o.event_id < f.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id) AND NOT (t.unsorted = o.unsorted AND t.good = o.good AND t.damaged = o.damaged AND t.surplus = o.surplus AND t.packed = o.packed))))
THEN RAISE EXCEPTION 'each team and person counts once, a third team only where two differ' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER sheet_of_count BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION sheet_of_count()
-- next
CREATE FUNCTION acceptance_of_two() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_acceptance' AND NOT EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.event_id = a.sheet_id JOIN stock_event c ON c.id = a.count_id WHERE a.event_id = NEW.event_id AND f.count_id = a.count_id AND c.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = c.id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = f.event_id AND u.id < NEW.event_id) AND EXISTS (SELECT 1 FROM count_sheet t WHERE t.count_id = f.count_id AND t.team <> f.team AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND t.unsorted = f.unsorted AND t.good = f.good AND t.damaged = f.damaged AND t.surplus = f.surplus AND t.packed = f.packed) AND NOT EXISTS (SELECT 1 FROM count_sheet t JOIN stock_event w ON w.id = t.event_id JOIN stock_event n ON n.id = NEW.event_id WHERE t.count_id = f.count_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND w.person_id = n.person_id) AND NOT EXISTS (SELECT 1 FROM count_acceptance o WHERE o.count_id = a.count_id AND o.event_id < a.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)))
THEN RAISE EXCEPTION 'a count is accepted once, after two equal sheets, by somebody who did not count' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER acceptance_of_two BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION acceptance_of_two()
-- next
CREATE FUNCTION variance_at_position() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.event_id = a.sheet_id JOIN stock_count c ON c.event_id = a.count_id JOIN stock_event n ON n.id = a.event_id WHERE a.event_id = NEW.event_id AND (n.holds_from <> c.position OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'unsorted'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'unsorted'), 0)) <> f.unsorted - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'unsorted'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'unsorted'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'good'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'good'), 0)) <> f.good - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'good'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'good'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'damaged'), 0)) <> f.damaged - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'surplus'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'surplus'), 0)) <> f.surplus - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'surplus'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'surplus'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'packed'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'packed'), 0)) <> f.packed - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'packed'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'packed'), 0)) OR EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> c.class_id)))
THEN RAISE EXCEPTION 'the variance is that of the position at which the count began' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER variance_at_position BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION variance_at_position()
-- next
CREATE FUNCTION count_not_built_on() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.count_id = a.count_id WHERE (a.count_id = NEW.reverses_id OR f.event_id = NEW.reverses_id) AND a.event_id < NEW.id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = a.event_id AND u.id < NEW.id))
THEN RAISE EXCEPTION 'this count has been accepted' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER count_not_built_on BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION count_not_built_on()
-- next
CREATE FUNCTION destruction_witnessed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'destruction' AND (SELECT count(DISTINCT w.institution) FROM witness w WHERE w.event_id = NEW.event_id AND w.institution IN ('polri', 'bawaslu')) < 2
THEN RAISE EXCEPTION 'a destruction is witnessed by Polri and Bawaslu' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER destruction_witnessed BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION destruction_witnessed()
-- next
CREATE FUNCTION witness_not_actor() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM stock_event e JOIN person p ON p.id IN (e.person_id, e.second_id) WHERE e.id = NEW.event_id AND lower(p.name) = lower(NEW.name))
THEN RAISE EXCEPTION 'a witness is somebody else than who acts' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER witness_not_actor BEFORE INSERT ON witness FOR EACH ROW EXECUTE FUNCTION witness_not_actor()
-- next
CREATE FUNCTION placement_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM container c JOIN container p ON p.id = NEW.parent_id WHERE c.id = NEW.container_id AND CASE c.kind WHEN 'carton' THEN 1 WHEN 'box' THEN 2 ELSE 3 END < CASE p.kind WHEN 'carton' THEN 1 WHEN 'box' THEN 2 ELSE 3 END)
THEN RAISE EXCEPTION 'a container stands in a larger one, and none in itself' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER placement_fits BEFORE INSERT ON placement FOR EACH ROW EXECUTE FUNCTION placement_fits()
-- next
CREATE FUNCTION placement_unsealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = NEW.parent_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.parent_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.parent_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))) OR (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)))
THEN RAISE EXCEPTION 'nothing is put into a sealed container or taken out of it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER placement_unsealed BEFORE INSERT ON placement FOR EACH ROW EXECUTE FUNCTION placement_unsealed()
-- next
CREATE FUNCTION sealed_keeps() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND COALESCE(m.from_container_id, 0) <> COALESCE(m.to_container_id, 0) AND ((EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.from_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))) OR (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.to_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.to_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.to_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)))))
THEN RAISE EXCEPTION 'a sealed container neither gives nor takes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER sealed_keeps BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION sealed_keeps()
-- next
CREATE FUNCTION sealed_moves_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind IN ('dispatch', 'arrival', 'return', 'loss', 'inspection', 'surplus', 'sorting', 'destruction', 'reversal') AND EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.from_container_id = m.to_container_id AND (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.from_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))) AND ((SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM (SELECT m.from_container_id AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = m.from_container_id AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) UNION ALL SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = m.from_container_id AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = d.container_id AND z.event_id > d.event_id)) i JOIN content t ON t.container_id = i.id WHERE t.quantity > 0) j) > 1 OR (SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM (SELECT (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) UNION ALL SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = d.container_id AND z.event_id > d.event_id)) i JOIN content t ON t.container_id = i.id WHERE t.quantity > 0) j) > 1 OR (SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM (SELECT (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) UNION ALL SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = d.container_id AND z.event_id > d.event_id)) i JOIN content t ON t.container_id = i.id WHERE t.quantity > 0) j) > 1))
THEN RAISE EXCEPTION 'a sealed container moves whole' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER sealed_moves_whole BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION sealed_moves_whole()
-- next
CREATE FUNCTION seal_break_of_seal() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM seal s WHERE s.number = NEW.seal_number AND s.event_id < NEW.event_id)
THEN RAISE EXCEPTION 'a seal is broken where its container is' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER seal_break_of_seal BEFORE INSERT ON seal_break FOR EACH ROW EXECUTE FUNCTION seal_break_of_seal()
-- next
CREATE FUNCTION opening_witnessed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'opening' AND (SELECT count(*) FROM witness w WHERE w.event_id = NEW.event_id) < 2
THEN RAISE EXCEPTION 'a seal is broken before two witnesses' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER opening_witnessed BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION opening_witnessed()
-- next
CREATE FUNCTION packing_entitled() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM ballot_class c JOIN election e ON e.name = c.election JOIN polling_station s ON s.election = c.election JOIN site t ON t.id = s.site_id JOIN class_area a ON a.class_id = c.id WHERE c.id = NEW.class_id AND s.site_id = NEW.station_id AND substr(t.region_code, 1, length(a.region_code)) = a.region_code AND NEW.entitled = s.voters + (s.voters * e.reserve_num + e.reserve_den - 1) / e.reserve_den)
THEN RAISE EXCEPTION 'a station is entitled to its voters and the reserve, of the classes it votes on' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_entitled BEFORE INSERT ON packing FOR EACH ROW EXECUTE FUNCTION packing_entitled()
-- next
CREATE FUNCTION packing_exact() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.sheets <> NEW.entitled AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.second_id IS NOT NULL AND e.reason <> '')
THEN RAISE EXCEPTION 'another figure than the entitlement needs a reason and a second person' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_exact BEFORE INSERT ON packing FOR EACH ROW EXECUTE FUNCTION packing_exact()
-- next
CREATE FUNCTION packing_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM packing p WHERE p.station_id = NEW.station_id AND p.class_id = NEW.class_id AND p.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = p.event_id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM unpacking n WHERE n.packing_id = p.event_id AND n.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = n.event_id AND u.id < NEW.event_id)))
THEN RAISE EXCEPTION 'this class has been packed for this station' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_once BEFORE INSERT ON packing FOR EACH ROW EXECUTE FUNCTION packing_once()
-- next
CREATE FUNCTION packing_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'packing' AND (NOT EXISTS (SELECT 1 FROM packing p WHERE p.event_id = NEW.event_id AND p.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = p.class_id AND m.to_container_id = p.container_id)) OR EXISTS (SELECT 1 FROM packing p JOIN movement m ON m.event_id = p.event_id WHERE p.event_id = NEW.event_id AND (m.class_id <> p.class_id OR m.to_container_id IS NULL OR m.to_container_id <> p.container_id)))
THEN RAISE EXCEPTION 'what is packed goes into the box of its station' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_adds_up BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION packing_adds_up()
-- next
CREATE FUNCTION packing_alone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'packing' AND EXISTS (SELECT 1 FROM packing p WHERE p.event_id = NEW.event_id AND p.sheets <> (SELECT sum(t.quantity) FROM content t WHERE t.container_id = p.container_id))
THEN RAISE EXCEPTION 'the box of a station holds nothing else' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER packing_alone BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION packing_alone()
-- next
CREATE FUNCTION unpacking_of_packing() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'unpacking' AND NOT EXISTS (SELECT 1 FROM unpacking u JOIN packing p ON p.event_id = u.packing_id WHERE u.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = p.event_id AND u.id < NEW.event_id) AND p.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = p.class_id AND m.from_container_id = p.container_id))
THEN RAISE EXCEPTION 'what is unpacked was packed, and all of it is' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER unpacking_of_packing BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION unpacking_of_packing()
-- next
CREATE FUNCTION dispatch_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'dispatch' AND (EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND (m.from_container_id IS NULL OR m.to_container_id IS NULL OR m.from_container_id <> m.to_container_id OR NOT (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.from_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))))) OR EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id WHERE g.event_id = NEW.event_id AND g.to_site_id = NEW.site_id))
THEN RAISE EXCEPTION 'sheets travel in sealed containers, to another site that is confirmed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER dispatch_sealed BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION dispatch_sealed()
-- next
CREATE FUNCTION dispatch_confirmed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM site t WHERE t.id = NEW.to_site_id AND t.status = 'confirmed')
THEN RAISE EXCEPTION 'nothing is sent to a site that is not confirmed' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER dispatch_confirmed BEFORE INSERT ON consignment FOR EACH ROW EXECUTE FUNCTION dispatch_confirmed()
-- next
CREATE FUNCTION arrival_of_consignment() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'arrival' AND NOT EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id WHERE x.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = g.event_id AND u.id < NEW.event_id) AND g.to_site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id AND m.from_site_id = o.site_id AND (CASE WHEN s.from_state = 'packed' THEN m.to_state IN ('packed', 'delivered') ELSE m.to_state = 'good' END))))
THEN RAISE EXCEPTION 'what arrives was sent here' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER arrival_of_consignment BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION arrival_of_consignment()
-- next
CREATE FUNCTION return_of_consignment() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'return' AND NOT EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id WHERE x.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = g.event_id AND u.id < NEW.event_id) AND o.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id AND m.from_site_id = o.site_id AND m.to_state = s.from_state)))
THEN RAISE EXCEPTION 'what comes back was sent from here' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER return_of_consignment BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION return_of_consignment()
-- next
CREATE FUNCTION loss_of_consignment() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.kind = 'loss' AND NOT EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id WHERE x.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = g.event_id AND u.id < NEW.event_id) AND o.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id AND m.from_site_id = o.site_id AND m.to_state = 'lost')))
THEN RAISE EXCEPTION 'what is lost was sent from here' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER loss_of_consignment BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION loss_of_consignment()
-- next
CREATE FUNCTION consignment_open() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM consignment_end x WHERE x.consignment_id = NEW.reverses_id AND x.event_id < NEW.id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = x.event_id AND u.id < NEW.id))
THEN RAISE EXCEPTION 'sheets of this consignment have arrived, come back or been lost' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER consignment_open BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION consignment_open()
-- next
CREATE FUNCTION movement_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
INSERT INTO balance (site_id, class_id, state, quantity, contained, movement_id) SELECT NEW.from_site_id, NEW.class_id, NEW.from_state, 0, 0, 0 WHERE NEW.quantity > 0 ON CONFLICT DO NOTHING;
INSERT INTO balance (site_id, class_id, state, quantity, contained, movement_id) SELECT NEW.to_site_id, NEW.class_id, NEW.to_state, 0, 0, 0 WHERE NEW.quantity > 0 ON CONFLICT DO NOTHING;
UPDATE balance SET quantity = quantity - NEW.quantity + CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state THEN NEW.quantity ELSE 0 END, contained = contained - CASE WHEN NEW.from_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END + CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state AND NEW.to_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END, movement_id = NEW.id WHERE site_id = NEW.from_site_id AND class_id = NEW.class_id AND state = NEW.from_state;
UPDATE balance SET quantity = quantity + NEW.quantity - CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state THEN NEW.quantity ELSE 0 END, contained = contained + CASE WHEN NEW.to_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END - CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state AND NEW.from_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END, movement_id = NEW.id WHERE site_id = NEW.to_site_id AND class_id = NEW.class_id AND state = NEW.to_state AND NOT (NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state);
INSERT INTO content (container_id, class_id, site_id, state, quantity, movement_id) SELECT NEW.from_container_id, NEW.class_id, NEW.from_site_id, NEW.from_state, 0, 0 WHERE NEW.from_container_id IS NOT NULL ON CONFLICT DO NOTHING;
INSERT INTO content (container_id, class_id, site_id, state, quantity, movement_id) SELECT NEW.to_container_id, NEW.class_id, NEW.to_site_id, NEW.to_state, 0, 0 WHERE NEW.to_container_id IS NOT NULL ON CONFLICT DO NOTHING;
UPDATE content SET quantity = quantity - NEW.quantity, movement_id = NEW.id WHERE container_id = NEW.from_container_id AND class_id = NEW.class_id AND site_id = NEW.from_site_id AND state = NEW.from_state;
UPDATE content SET quantity = quantity + NEW.quantity, movement_id = NEW.id WHERE container_id = NEW.to_container_id AND class_id = NEW.class_id AND site_id = NEW.to_site_id AND state = NEW.to_state;
RETURN NULL; END $$
-- next
CREATE TRIGGER movement_moves AFTER INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_moves()
-- next
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'jaga_writer') THEN CREATE ROLE jaga_writer NOLOGIN; END IF; END $$
-- next
DO $$ BEGIN SET LOCAL ROLE jaga_writer; RESET ROLE; EXCEPTION WHEN insufficient_privilege THEN GRANT jaga_writer TO CURRENT_USER; END $$
-- next
REVOKE CREATE ON SCHEMA public FROM PUBLIC
-- next
GRANT USAGE ON SCHEMA public TO jaga_writer
-- next
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jaga_writer
-- next
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO jaga_writer
-- next
REVOKE UPDATE, DELETE ON chain_link, stock_event, movement, voters_roll, polling_station, need_line, print_order, print_order_line, delivery, delivery_line, sorting_run, damage_line, reprint_request, reprint_receipt, stock_count, count_sheet, count_acceptance, minutes, witness, stock_close, container, placement, seal, seal_break, packing, unpacking, consignment, consignment_end, alarm, alarm_step FROM jaga_writer
-- next
REVOKE INSERT, UPDATE, DELETE ON balance, content, legal_move, alembic_version FROM jaga_writer
