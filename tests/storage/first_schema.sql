BEGIN TRANSACTION;
CREATE TABLE alarm (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	raised_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_alarm PRIMARY KEY (id), 
	CONSTRAINT fk_alarm_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id)
);
INSERT INTO "alarm" VALUES(1,1,'motion','2026-11-02T04:55:00.000000Z');
CREATE TABLE alarm_step (
	id INTEGER NOT NULL, 
	alarm_id INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	person_id INTEGER NOT NULL, 
	step VARCHAR(12) NOT NULL, 
	verdict VARCHAR(16), 
	note VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_alarm_step PRIMARY KEY (id), 
	CONSTRAINT ck_alarm_step_verdict_given CHECK ((step = 'verdict') = (verdict IS NOT NULL)), 
	CONSTRAINT ck_alarm_step_step CHECK (step IN ('acknowledged', 'verdict')), 
	CONSTRAINT ck_alarm_step_verdict CHECK (verdict IN ('real_incident', 'authorised', 'false_alarm', 'test')), 
	CONSTRAINT fk_alarm_step_alarm_id FOREIGN KEY(alarm_id) REFERENCES alarm (id), 
	CONSTRAINT fk_alarm_step_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "alarm_step" VALUES(1,1,'2026-11-02T05:02:00.000000Z',2,'acknowledged',NULL,'');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE balance (
	site_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	quantity BIGINT NOT NULL, 
	CONSTRAINT pk_balance PRIMARY KEY (site_id, class_id, state), 
	CONSTRAINT ck_balance_quantity CHECK (quantity >= 0 OR state IN ('printer', 'short_claim', 'variance')), 
	CONSTRAINT ck_balance_state CHECK (state IN ('unsorted', 'good', 'damaged', 'printer', 'short_claim', 'variance')), 
	CONSTRAINT fk_balance_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id), 
	CONSTRAINT fk_balance_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);
INSERT INTO "balance" VALUES(1,1,'printer',-1005);
INSERT INTO "balance" VALUES(1,1,'unsorted',193);
INSERT INTO "balance" VALUES(1,1,'short_claim',0);
INSERT INTO "balance" VALUES(1,2,'printer',-512);
INSERT INTO "balance" VALUES(1,2,'unsorted',512);
INSERT INTO "balance" VALUES(1,3,'printer',-100);
INSERT INTO "balance" VALUES(1,3,'unsorted',100);
INSERT INTO "balance" VALUES(1,1,'good',800);
INSERT INTO "balance" VALUES(1,1,'damaged',10);
INSERT INTO "balance" VALUES(2,1,'printer',-300);
INSERT INTO "balance" VALUES(2,1,'unsorted',300);
INSERT INTO "balance" VALUES(1,1,'variance',2);
CREATE TABLE ballot_class (
	id INTEGER NOT NULL, 
	election VARCHAR(40) NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	district VARCHAR(80) NOT NULL, 
	purpose VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_ballot_class PRIMARY KEY (id), 
	CONSTRAINT ck_ballot_class_purpose CHECK (purpose IN ('regular', 're_vote')), 
	CONSTRAINT ck_ballot_class_type CHECK (type IN ('ppwp', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabko')), 
	CONSTRAINT uq_ballot_class_election_type_district_purpose UNIQUE (election, type, district, purpose)
);
INSERT INTO "ballot_class" VALUES(1,'Pemilu 2024','ppwp','','regular');
INSERT INTO "ballot_class" VALUES(2,'Pemilu 2024','dpr','DKI JAKARTA I','regular');
INSERT INTO "ballot_class" VALUES(3,'Pemilu 2024','ppwp','','re_vote');
CREATE TABLE camera (
	id INTEGER NOT NULL, 
	room_id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	address VARCHAR(400) NOT NULL, 
	username VARCHAR(80) DEFAULT '' NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_camera PRIMARY KEY (id), 
	CONSTRAINT fk_camera_room_id FOREIGN KEY(room_id) REFERENCES room (id), 
	CONSTRAINT uq_camera_room_id_name UNIQUE (room_id, name)
);
INSERT INTO "camera" VALUES(1,1,'Kamera 1','rtsp://192.168.1.20/1','admin','2026-11-02T02:56:00.000000Z');
CREATE TABLE camera_state (
	camera_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	since_at VARCHAR(27) NOT NULL, 
	last_packet_at VARCHAR(27), 
	last_motion_at VARCHAR(27), 
	frames_per_s FLOAT DEFAULT '0' NOT NULL, 
	reason VARCHAR(24) DEFAULT '' NOT NULL, 
	writing_path VARCHAR(400) DEFAULT '' NOT NULL, 
	writing_since_at VARCHAR(27), 
	CONSTRAINT pk_camera_state PRIMARY KEY (camera_id), 
	CONSTRAINT ck_camera_state_state CHECK (state IN ('connecting', 'live', 'lost')), 
	CONSTRAINT fk_camera_state_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id)
);
CREATE TABLE count_acceptance (
	event_id INTEGER NOT NULL, 
	count_id INTEGER NOT NULL, 
	CONSTRAINT pk_count_acceptance PRIMARY KEY (event_id), 
	CONSTRAINT fk_count_acceptance_count_id FOREIGN KEY(count_id) REFERENCES stock_count (event_id), 
	CONSTRAINT fk_count_acceptance_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "count_acceptance" VALUES(11,10);
CREATE TABLE delivery (
	event_id INTEGER NOT NULL, 
	note_number VARCHAR(60) NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (event_id), 
	CONSTRAINT fk_delivery_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "delivery" VALUES(1,'SJ/1');
INSERT INTO "delivery" VALUES(2,'SJ/2');
INSERT INTO "delivery" VALUES(8,'SJ/1');
CREATE TABLE delivery_line (
	event_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	declared BIGINT NOT NULL, 
	received BIGINT NOT NULL, 
	CONSTRAINT pk_delivery_line PRIMARY KEY (event_id, class_id), 
	CONSTRAINT ck_delivery_line_sheets CHECK (declared >= 0 AND received >= 0 AND declared + received > 0), 
	CONSTRAINT fk_delivery_line_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id), 
	CONSTRAINT fk_delivery_line_event_id FOREIGN KEY(event_id) REFERENCES delivery (event_id)
)
 WITHOUT ROWID

;
INSERT INTO "delivery_line" VALUES(1,1,1000,980);
INSERT INTO "delivery_line" VALUES(1,2,500,512);
INSERT INTO "delivery_line" VALUES(2,3,100,100);
INSERT INTO "delivery_line" VALUES(8,1,300,300);
CREATE TABLE entitlement (
	site_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	sheets BIGINT NOT NULL, 
	CONSTRAINT pk_entitlement PRIMARY KEY (site_id, class_id), 
	CONSTRAINT ck_entitlement_sheets CHECK (sheets BETWEEN 0 AND 10000000000), 
	CONSTRAINT fk_entitlement_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id), 
	CONSTRAINT fk_entitlement_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);
INSERT INTO "entitlement" VALUES(1,1,1000);
INSERT INTO "entitlement" VALUES(1,2,500);
INSERT INTO "entitlement" VALUES(2,1,300);
CREATE TABLE gap (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27), 
	cause VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_gap PRIMARY KEY (id), 
	CONSTRAINT fk_gap_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id)
);
CREATE TABLE opening_hours (
	id INTEGER NOT NULL, 
	room_id INTEGER NOT NULL, 
	weekday INTEGER NOT NULL, 
	opens_min INTEGER NOT NULL, 
	closes_min INTEGER NOT NULL, 
	valid_from VARCHAR(27) NOT NULL, 
	valid_until VARCHAR(27), 
	CONSTRAINT pk_opening_hours PRIMARY KEY (id), 
	CONSTRAINT ck_opening_hours_minutes CHECK (opens_min BETWEEN 0 AND 1439 AND closes_min BETWEEN 0 AND 1440), 
	CONSTRAINT ck_opening_hours_weekday CHECK (weekday BETWEEN 0 AND 6), 
	CONSTRAINT fk_opening_hours_room_id FOREIGN KEY(room_id) REFERENCES room (id)
);
INSERT INTO "opening_hours" VALUES(1,1,6,480,960,'2026-11-02T03:03:00.000000Z',NULL);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT ck_person_role CHECK (role IN ('guard', 'officer', 'supervisor', 'auditor', 'administrator')), 
	CONSTRAINT uq_person_name UNIQUE (name)
);
INSERT INTO "person" VALUES(1,'Budi Santoso','officer','2026-11-02T02:07:00.000000Z');
INSERT INTO "person" VALUES(2,'Agus Pratama','supervisor','2026-11-02T02:14:00.000000Z');
INSERT INTO "person" VALUES(3,'Sari Wulandari','guard','2026-11-02T02:21:00.000000Z');
CREATE TABLE posting (
	event_id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	quantity BIGINT NOT NULL, 
	CONSTRAINT pk_posting PRIMARY KEY (event_id, site_id, class_id, state), 
	CONSTRAINT ck_posting_state CHECK (state IN ('unsorted', 'good', 'damaged', 'printer', 'short_claim', 'variance')), 
	CONSTRAINT ck_posting_quantity CHECK (quantity <> 0), 
	CONSTRAINT fk_posting_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id), 
	CONSTRAINT fk_posting_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id), 
	CONSTRAINT fk_posting_site_id FOREIGN KEY(site_id) REFERENCES site (id)
)
 WITHOUT ROWID

;
INSERT INTO "posting" VALUES(1,1,1,'printer',-1000);
INSERT INTO "posting" VALUES(1,1,1,'short_claim',20);
INSERT INTO "posting" VALUES(1,1,1,'unsorted',980);
INSERT INTO "posting" VALUES(3,1,1,'damaged',9);
INSERT INTO "posting" VALUES(3,1,1,'good',700);
INSERT INTO "posting" VALUES(3,1,1,'unsorted',-709);
INSERT INTO "posting" VALUES(4,1,1,'damaged',9);
INSERT INTO "posting" VALUES(4,1,1,'good',70);
INSERT INTO "posting" VALUES(4,1,1,'unsorted',-79);
INSERT INTO "posting" VALUES(5,1,1,'damaged',-9);
INSERT INTO "posting" VALUES(5,1,1,'good',-70);
INSERT INTO "posting" VALUES(5,1,1,'unsorted',79);
INSERT INTO "posting" VALUES(7,1,1,'printer',-5);
INSERT INTO "posting" VALUES(7,1,1,'short_claim',-20);
INSERT INTO "posting" VALUES(7,1,1,'unsorted',25);
INSERT INTO "posting" VALUES(9,1,1,'damaged',1);
INSERT INTO "posting" VALUES(9,1,1,'good',100);
INSERT INTO "posting" VALUES(9,1,1,'unsorted',-101);
INSERT INTO "posting" VALUES(11,1,1,'unsorted',-2);
INSERT INTO "posting" VALUES(11,1,1,'variance',2);
INSERT INTO "posting" VALUES(1,1,2,'printer',-512);
INSERT INTO "posting" VALUES(1,1,2,'unsorted',512);
INSERT INTO "posting" VALUES(2,1,3,'printer',-100);
INSERT INTO "posting" VALUES(2,1,3,'unsorted',100);
INSERT INTO "posting" VALUES(8,2,1,'printer',-300);
INSERT INTO "posting" VALUES(8,2,1,'unsorted',300);
CREATE TABLE recorder (
	id INTEGER NOT NULL, 
	host VARCHAR(80) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	beat_at VARCHAR(27) NOT NULL, 
	stopped_at VARCHAR(27), 
	address VARCHAR(80) NOT NULL, 
	public_key VARCHAR(40) NOT NULL, 
	window_secret_key VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_recorder PRIMARY KEY (id)
);
INSERT INTO "recorder" VALUES(1,'vm',19763,'2026-11-02T04:48:00.000000Z','2026-11-02T04:48:00.000000Z',NULL,'tcp://127.0.0.1:1','public','secret');
CREATE TABLE reprint_receipt (
	event_id INTEGER NOT NULL, 
	request_id INTEGER NOT NULL, 
	sheets BIGINT NOT NULL, 
	for_short BIGINT NOT NULL, 
	CONSTRAINT pk_reprint_receipt PRIMARY KEY (event_id), 
	CONSTRAINT ck_reprint_receipt_sheets CHECK (sheets > 0 AND for_short BETWEEN 0 AND sheets), 
	CONSTRAINT fk_reprint_receipt_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id), 
	CONSTRAINT fk_reprint_receipt_request_id FOREIGN KEY(request_id) REFERENCES reprint_request (event_id)
);
INSERT INTO "reprint_receipt" VALUES(7,6,25,20);
CREATE TABLE reprint_request (
	event_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	for_damaged BIGINT NOT NULL, 
	for_short BIGINT NOT NULL, 
	CONSTRAINT pk_reprint_request PRIMARY KEY (event_id), 
	CONSTRAINT ck_reprint_request_sheets CHECK (for_damaged >= 0 AND for_short >= 0 AND for_damaged + for_short > 0), 
	CONSTRAINT fk_reprint_request_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id), 
	CONSTRAINT fk_reprint_request_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "reprint_request" VALUES(6,1,9,20);
CREATE TABLE room (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_room PRIMARY KEY (id), 
	CONSTRAINT fk_room_site_id FOREIGN KEY(site_id) REFERENCES site (id), 
	CONSTRAINT uq_room_site_id_name UNIQUE (site_id, name)
);
INSERT INTO "room" VALUES(1,1,'Ruang A','2026-11-02T02:49:00.000000Z');
CREATE TABLE segment (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	path VARCHAR(400) NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27) NOT NULL, 
	packets INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	end_reason VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_segment PRIMARY KEY (id), 
	CONSTRAINT ck_segment_order CHECK (ended_at >= started_at), 
	CONSTRAINT fk_segment_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT uq_segment_path UNIQUE (path)
);
CREATE TABLE site (
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	code VARCHAR(16) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	zone VARCHAR(40) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_site PRIMARY KEY (id), 
	CONSTRAINT ck_site_kind CHECK (kind IN ('warehouse')), 
	CONSTRAINT uq_site_code UNIQUE (code)
);
INSERT INTO "site" VALUES(1,'warehouse','31.75','Gudang Timur','Asia/Jakarta','2026-11-02T02:28:00.000000Z');
INSERT INTO "site" VALUES(2,'warehouse','31.74','Gudang Selatan','Asia/Jakarta','2026-11-02T02:35:00.000000Z');
INSERT INTO "site" VALUES(3,'warehouse','31.01','Gudang Seribu','Asia/Jakarta','2026-11-02T02:42:00.000000Z');
CREATE TABLE stock_count (
	event_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	began_at VARCHAR(27) NOT NULL, 
	unsorted BIGINT NOT NULL, 
	good BIGINT NOT NULL, 
	damaged BIGINT NOT NULL, 
	CONSTRAINT pk_stock_count PRIMARY KEY (event_id), 
	CONSTRAINT ck_stock_count_sheets CHECK (unsorted >= 0 AND good >= 0 AND damaged >= 0), 
	CONSTRAINT fk_stock_count_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id), 
	CONSTRAINT fk_stock_count_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "stock_count" VALUES(10,1,8,'2026-11-02T04:06:00.000000Z',294,700,9);
INSERT INTO "stock_count" VALUES(12,1,11,'2026-11-02T04:34:00.000000Z',299,0,0);
CREATE TABLE stock_event (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	happened_at VARCHAR(27) NOT NULL, 
	recorded_at VARCHAR(27) NOT NULL, 
	person_id INTEGER NOT NULL, 
	reason VARCHAR(400) DEFAULT '' NOT NULL, 
	reverses_id INTEGER, 
	holds_from INTEGER, 
	"key" VARCHAR(80) NOT NULL, 
	CONSTRAINT pk_stock_event PRIMARY KEY (id), 
	CONSTRAINT ck_stock_event_reversal CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL)), 
	CONSTRAINT ck_stock_event_kind CHECK (kind IN ('delivery', 'sorting', 'reprint_request', 'reprint_receipt', 'count', 'count_acceptance', 'reversal')), 
	CONSTRAINT ck_stock_event_order CHECK (happened_at <= recorded_at), 
	CONSTRAINT ck_stock_event_holds_from CHECK (holds_from < id), 
	CONSTRAINT fk_stock_event_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_stock_event_reverses_id FOREIGN KEY(reverses_id) REFERENCES stock_event (id), 
	CONSTRAINT fk_stock_event_site_id FOREIGN KEY(site_id) REFERENCES site (id), 
	CONSTRAINT uq_stock_event_key UNIQUE ("key"), 
	CONSTRAINT uq_stock_event_reverses_id UNIQUE (reverses_id)
);
INSERT INTO "stock_event" VALUES(1,1,'delivery','2026-11-02T03:10:00.000000Z','2026-11-02T03:10:00.000000Z',1,'',NULL,NULL,'first-10');
INSERT INTO "stock_event" VALUES(2,1,'delivery','2026-11-02T03:17:00.000000Z','2026-11-02T03:17:00.000000Z',1,'',NULL,NULL,'first-11');
INSERT INTO "stock_event" VALUES(3,1,'sorting','2026-11-02T03:24:00.000000Z','2026-11-02T03:24:00.000000Z',1,'',NULL,NULL,'first-12');
INSERT INTO "stock_event" VALUES(4,1,'sorting','2026-11-02T03:31:00.000000Z','2026-11-02T03:31:00.000000Z',1,'',NULL,NULL,'first-13');
INSERT INTO "stock_event" VALUES(5,1,'reversal','2026-11-02T03:38:00.000000Z','2026-11-02T03:38:00.000000Z',1,'Salah ketik',4,4,'first-14');
INSERT INTO "stock_event" VALUES(6,1,'reprint_request','2026-11-02T03:45:00.000000Z','2026-11-02T03:45:00.000000Z',1,'',NULL,NULL,'first-15');
INSERT INTO "stock_event" VALUES(7,1,'reprint_receipt','2026-11-02T03:52:00.000000Z','2026-11-02T03:52:00.000000Z',1,'',NULL,NULL,'first-16');
INSERT INTO "stock_event" VALUES(8,2,'delivery','2026-11-02T03:59:00.000000Z','2026-11-02T03:59:00.000000Z',1,'',NULL,NULL,'first-17');
INSERT INTO "stock_event" VALUES(9,1,'sorting','2026-11-02T04:13:00.000000Z','2026-11-02T04:13:00.000000Z',1,'',NULL,NULL,'first-19');
INSERT INTO "stock_event" VALUES(10,1,'count','2026-11-02T04:20:00.000000Z','2026-11-02T04:20:00.000000Z',1,'',NULL,NULL,'first-20');
INSERT INTO "stock_event" VALUES(11,1,'count_acceptance','2026-11-02T04:27:00.000000Z','2026-11-02T04:27:00.000000Z',2,'Dua lembar hilang',NULL,8,'first-21');
INSERT INTO "stock_event" VALUES(12,2,'count','2026-11-02T04:41:00.000000Z','2026-11-02T04:41:00.000000Z',1,'',NULL,NULL,'first-23');
CREATE TABLE watch_box (
	id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	x FLOAT NOT NULL, 
	y FLOAT NOT NULL, 
	width FLOAT NOT NULL, 
	height FLOAT NOT NULL, 
	CONSTRAINT pk_watch_box PRIMARY KEY (id), 
	CONSTRAINT fk_watch_box_event_id FOREIGN KEY(event_id) REFERENCES watch_event (id)
);
INSERT INTO "watch_box" VALUES(1,1,'2026-11-02T04:55:00.000000Z',0.4,0.3,0.1,0.3);
CREATE TABLE watch_event (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27), 
	arrived_at VARCHAR(27) NOT NULL, 
	peak_pct FLOAT NOT NULL, 
	verdict VARCHAR(12) NOT NULL, 
	alarm_id INTEGER, 
	CONSTRAINT pk_watch_event PRIMARY KEY (id), 
	CONSTRAINT ck_watch_event_alarm CHECK ((verdict = 'after_hours') = (alarm_id IS NOT NULL)), 
	CONSTRAINT ck_watch_event_verdict CHECK (verdict IN ('in_hours', 'after_hours')), 
	CONSTRAINT ck_watch_event_order CHECK (ended_at IS NULL OR ended_at >= started_at), 
	CONSTRAINT fk_watch_event_alarm_id FOREIGN KEY(alarm_id) REFERENCES alarm (id), 
	CONSTRAINT fk_watch_event_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id)
);
INSERT INTO "watch_event" VALUES(1,1,'motion','2026-11-02T04:55:00.000000Z','2026-11-02T04:55:04.000000Z','2026-11-02T04:55:00.000000Z',4.0,'after_hours',1);
CREATE INDEX ix_stock_event_site_id_kind ON stock_event (site_id, kind);
CREATE INDEX ix_delivery_note_number ON delivery (note_number);
CREATE INDEX ix_posting_site_id_class_id_event_id ON posting (site_id, class_id, event_id, state, quantity);
CREATE INDEX ix_count_acceptance_count_id ON count_acceptance (count_id);
CREATE INDEX ix_reprint_receipt_request_id ON reprint_receipt (request_id);
CREATE INDEX ix_alarm_camera_id ON alarm (camera_id);
CREATE INDEX ix_gap_camera_id_started_at ON gap (camera_id, started_at);
CREATE UNIQUE INDEX uq_gap_open ON gap (camera_id) WHERE ended_at IS NULL;
CREATE INDEX ix_segment_camera_id_started_at ON segment (camera_id, started_at);
CREATE INDEX ix_alarm_step_alarm_id ON alarm_step (alarm_id);
CREATE INDEX ix_watch_event_alarm_id ON watch_event (alarm_id);
CREATE INDEX ix_watch_event_camera_id_started_at ON watch_event (camera_id, started_at);
CREATE INDEX ix_watch_box_event_id ON watch_box (event_id);
CREATE TRIGGER stock_event_no_update BEFORE UPDATE ON stock_event BEGIN SELECT RAISE(ABORT, 'stock_event is append-only'); END;
CREATE TRIGGER stock_event_no_delete BEFORE DELETE ON stock_event BEGIN SELECT RAISE(ABORT, 'stock_event is append-only'); END;
CREATE TRIGGER stock_event_no_replace BEFORE INSERT ON stock_event WHEN EXISTS (SELECT 1 FROM stock_event WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM stock_event WHERE key = NEW.key) OR EXISTS (SELECT 1 FROM stock_event WHERE reverses_id = NEW.reverses_id) BEGIN SELECT RAISE(ABORT, 'stock_event is append-only'); END;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END;
CREATE TRIGGER posting_no_replace BEFORE INSERT ON posting WHEN EXISTS (SELECT 1 FROM posting WHERE event_id = NEW.event_id AND site_id = NEW.site_id AND class_id = NEW.class_id AND state = NEW.state) BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END;
CREATE TRIGGER delivery_no_update BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_no_replace BEFORE INSERT ON delivery WHEN EXISTS (SELECT 1 FROM delivery WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_line_no_update BEFORE UPDATE ON delivery_line BEGIN SELECT RAISE(ABORT, 'delivery_line is append-only'); END;
CREATE TRIGGER delivery_line_no_delete BEFORE DELETE ON delivery_line BEGIN SELECT RAISE(ABORT, 'delivery_line is append-only'); END;
CREATE TRIGGER delivery_line_no_replace BEFORE INSERT ON delivery_line WHEN EXISTS (SELECT 1 FROM delivery_line WHERE event_id = NEW.event_id AND class_id = NEW.class_id) BEGIN SELECT RAISE(ABORT, 'delivery_line is append-only'); END;
CREATE TRIGGER reprint_request_no_update BEFORE UPDATE ON reprint_request BEGIN SELECT RAISE(ABORT, 'reprint_request is append-only'); END;
CREATE TRIGGER reprint_request_no_delete BEFORE DELETE ON reprint_request BEGIN SELECT RAISE(ABORT, 'reprint_request is append-only'); END;
CREATE TRIGGER reprint_request_no_replace BEFORE INSERT ON reprint_request WHEN EXISTS (SELECT 1 FROM reprint_request WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'reprint_request is append-only'); END;
CREATE TRIGGER reprint_receipt_no_update BEFORE UPDATE ON reprint_receipt BEGIN SELECT RAISE(ABORT, 'reprint_receipt is append-only'); END;
CREATE TRIGGER reprint_receipt_no_delete BEFORE DELETE ON reprint_receipt BEGIN SELECT RAISE(ABORT, 'reprint_receipt is append-only'); END;
CREATE TRIGGER reprint_receipt_no_replace BEFORE INSERT ON reprint_receipt WHEN EXISTS (SELECT 1 FROM reprint_receipt WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'reprint_receipt is append-only'); END;
CREATE TRIGGER stock_count_no_update BEFORE UPDATE ON stock_count BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_no_replace BEFORE INSERT ON stock_count WHEN EXISTS (SELECT 1 FROM stock_count WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER count_acceptance_no_update BEFORE UPDATE ON count_acceptance BEGIN SELECT RAISE(ABORT, 'count_acceptance is append-only'); END;
CREATE TRIGGER count_acceptance_no_delete BEFORE DELETE ON count_acceptance BEGIN SELECT RAISE(ABORT, 'count_acceptance is append-only'); END;
CREATE TRIGGER count_acceptance_no_replace BEFORE INSERT ON count_acceptance WHEN EXISTS (SELECT 1 FROM count_acceptance WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'count_acceptance is append-only'); END;
CREATE TRIGGER alarm_no_update BEFORE UPDATE ON alarm BEGIN SELECT RAISE(ABORT, 'alarm is append-only'); END;
CREATE TRIGGER alarm_no_delete BEFORE DELETE ON alarm BEGIN SELECT RAISE(ABORT, 'alarm is append-only'); END;
CREATE TRIGGER alarm_no_replace BEFORE INSERT ON alarm WHEN EXISTS (SELECT 1 FROM alarm WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'alarm is append-only'); END;
CREATE TRIGGER alarm_step_no_update BEFORE UPDATE ON alarm_step BEGIN SELECT RAISE(ABORT, 'alarm_step is append-only'); END;
CREATE TRIGGER alarm_step_no_delete BEFORE DELETE ON alarm_step BEGIN SELECT RAISE(ABORT, 'alarm_step is append-only'); END;
CREATE TRIGGER alarm_step_no_replace BEFORE INSERT ON alarm_step WHEN EXISTS (SELECT 1 FROM alarm_step WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'alarm_step is append-only'); END;
COMMIT;
