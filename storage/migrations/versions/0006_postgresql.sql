CREATE TABLE signature_picture (
    sha256 VARCHAR(64) NOT NULL,
    png BYTEA NOT NULL,
    CONSTRAINT pk_signature_picture PRIMARY KEY (sha256)
)
-- next
CREATE TABLE signing_key (
    id VARCHAR(16) NOT NULL,
    public_key VARCHAR(64) NOT NULL,
    made_at VARCHAR(27) NOT NULL,
    computer VARCHAR(80) NOT NULL,
    CONSTRAINT pk_signing_key PRIMARY KEY (id)
)
-- next
CREATE TABLE secret (
    id SERIAL NOT NULL,
    person_id INTEGER NOT NULL,
    hash VARCHAR(160) NOT NULL,
    set_at VARCHAR(27) NOT NULL,
    set_by INTEGER NOT NULL,
    CONSTRAINT pk_secret PRIMARY KEY (id),
    CONSTRAINT fk_secret_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_secret_set_by FOREIGN KEY(set_by) REFERENCES person (id)
)
-- next
CREATE INDEX ix_secret_person_id ON secret (person_id)
-- next
CREATE TABLE sign_in (
    id SERIAL NOT NULL,
    person_id INTEGER NOT NULL,
    at VARCHAR(27) NOT NULL,
    outcome VARCHAR(8) NOT NULL,
    computer VARCHAR(80) NOT NULL,
    os_login VARCHAR(80) NOT NULL,
    CONSTRAINT pk_sign_in PRIMARY KEY (id),
    CONSTRAINT ck_sign_in_outcome CHECK (outcome IN ('tried', 'proved', 'in', 'wrong', 'locked', 'out', 'idle')),
    CONSTRAINT fk_sign_in_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
-- next
CREATE INDEX ix_sign_in_person_id_id ON sign_in (person_id, id)
-- next
CREATE INDEX ix_chain_link_stock ON chain_link (site_id, number) WHERE kind <> 'record'
-- next
CREATE TABLE checkpoint (
    id SERIAL NOT NULL,
    site_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at VARCHAR(27) NOT NULL,
    text VARCHAR(400) NOT NULL,
    purpose VARCHAR(12) NOT NULL,
    stamp BYTEA,
    CONSTRAINT pk_checkpoint PRIMARY KEY (id),
    CONSTRAINT ck_checkpoint_purpose CHECK (purpose IN ('daily', 'shift', 'document', 'export', 'asked')),
    CONSTRAINT fk_checkpoint_site_id FOREIGN KEY(site_id) REFERENCES site (id)
)
-- next
CREATE INDEX ix_checkpoint_site_id_number ON checkpoint (site_id, number)
-- next
CREATE TABLE confirmation (
    id SERIAL NOT NULL,
    act VARCHAR(24) NOT NULL,
    site_id INTEGER,
    said VARCHAR(800) NOT NULL,
    first_id INTEGER NOT NULL,
    asked_at VARCHAR(27) NOT NULL,
    second_id INTEGER,
    answered_at VARCHAR(27),
    given INTEGER,
    used_at VARCHAR(27),
    CONSTRAINT pk_confirmation PRIMARY KEY (id),
    CONSTRAINT ck_confirmation_second CHECK (second_id <> first_id),
    CONSTRAINT ck_confirmation_answer CHECK ((second_id IS NULL) = (given IS NULL) AND (answered_at IS NULL) = (given IS NULL)),
    CONSTRAINT ck_confirmation_used CHECK (used_at IS NULL OR given = 1),
    CONSTRAINT fk_confirmation_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_confirmation_first_id FOREIGN KEY(first_id) REFERENCES person (id),
    CONSTRAINT fk_confirmation_second_id FOREIGN KEY(second_id) REFERENCES person (id)
)
-- next
CREATE INDEX ix_confirmation_asked_at ON confirmation (asked_at)
-- next
CREATE TABLE role_grant (
    id SERIAL NOT NULL,
    person_id INTEGER NOT NULL,
    role VARCHAR(16) NOT NULL,
    site_id INTEGER,
    from_at VARCHAR(27) NOT NULL,
    until_at VARCHAR(27),
    CONSTRAINT pk_role_grant PRIMARY KEY (id),
    CONSTRAINT ck_role_grant_role CHECK (role IN ('guard', 'officer', 'supervisor', 'auditor', 'administrator')),
    CONSTRAINT ck_role_grant_order CHECK (until_at >= from_at),
    CONSTRAINT fk_role_grant_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_role_grant_site_id FOREIGN KEY(site_id) REFERENCES site (id)
)
-- next
CREATE INDEX ix_role_grant_person_id ON role_grant (person_id)
-- next
CREATE TABLE record (
    event_id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    act VARCHAR(32) NOT NULL,
    at VARCHAR(27) NOT NULL,
    person_id INTEGER,
    second_id INTEGER,
    body TEXT NOT NULL,
    CONSTRAINT pk_record PRIMARY KEY (event_id),
    CONSTRAINT ck_record_second CHECK (second_id <> person_id),
    CONSTRAINT fk_record_event_id FOREIGN KEY(event_id) REFERENCES chain_link (event_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_record_site_id FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT fk_record_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_record_second_id FOREIGN KEY(second_id) REFERENCES person (id)
)
-- next
CREATE INDEX ix_record_site_id_at ON record (site_id, at)
-- next
CREATE TABLE room_disarm (
    id SERIAL NOT NULL,
    room_id INTEGER NOT NULL,
    from_at VARCHAR(27) NOT NULL,
    until_at VARCHAR(27) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    person_id INTEGER NOT NULL,
    second_id INTEGER NOT NULL,
    CONSTRAINT pk_room_disarm PRIMARY KEY (id),
    CONSTRAINT ck_room_disarm_order CHECK (until_at > from_at),
    CONSTRAINT ck_room_disarm_second CHECK (second_id <> person_id),
    CONSTRAINT ck_room_disarm_reason CHECK (reason <> ''),
    CONSTRAINT fk_room_disarm_room_id FOREIGN KEY(room_id) REFERENCES room (id),
    CONSTRAINT fk_room_disarm_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_room_disarm_second_id FOREIGN KEY(second_id) REFERENCES person (id)
)
-- next
CREATE INDEX ix_room_disarm_room_id ON room_disarm (room_id)
-- next
CREATE TABLE room_unlocking (
    id SERIAL NOT NULL,
    room_id INTEGER NOT NULL,
    from_at VARCHAR(27) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    person_id INTEGER NOT NULL,
    second_id INTEGER NOT NULL,
    CONSTRAINT pk_room_unlocking PRIMARY KEY (id),
    CONSTRAINT ck_room_unlocking_second CHECK (second_id <> person_id),
    CONSTRAINT ck_room_unlocking_reason CHECK (reason <> ''),
    CONSTRAINT fk_room_unlocking_room_id FOREIGN KEY(room_id) REFERENCES room (id),
    CONSTRAINT fk_room_unlocking_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_room_unlocking_second_id FOREIGN KEY(second_id) REFERENCES person (id)
)
-- next
CREATE INDEX ix_room_unlocking_room_id ON room_unlocking (room_id)
-- next
CREATE TABLE alarm_suspension (
    id SERIAL NOT NULL,
    camera_id INTEGER NOT NULL,
    from_at VARCHAR(27) NOT NULL,
    until_at VARCHAR(27) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    person_id INTEGER NOT NULL,
    second_id INTEGER NOT NULL,
    CONSTRAINT pk_alarm_suspension PRIMARY KEY (id),
    CONSTRAINT ck_alarm_suspension_order CHECK (until_at > from_at),
    CONSTRAINT ck_alarm_suspension_second CHECK (second_id <> person_id),
    CONSTRAINT ck_alarm_suspension_reason CHECK (reason <> ''),
    CONSTRAINT fk_alarm_suspension_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id),
    CONSTRAINT fk_alarm_suspension_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_alarm_suspension_second_id FOREIGN KEY(second_id) REFERENCES person (id)
)
-- next
CREATE INDEX ix_alarm_suspension_camera_id ON alarm_suspension (camera_id)
-- next
CREATE TABLE room_witness (
    id SERIAL NOT NULL,
    unlocking_id INTEGER NOT NULL,
    name VARCHAR(80) NOT NULL,
    institution VARCHAR(16) NOT NULL,
    sha256 VARCHAR(64),
    CONSTRAINT pk_room_witness PRIMARY KEY (id),
    CONSTRAINT uq_room_witness_unlocking_id_name UNIQUE (unlocking_id, name),
    CONSTRAINT ck_room_witness_name CHECK (name <> ''),
    CONSTRAINT fk_room_witness_unlocking_id FOREIGN KEY(unlocking_id) REFERENCES room_unlocking (id),
    CONSTRAINT fk_room_witness_sha256 FOREIGN KEY(sha256) REFERENCES signature_picture (sha256)
)
-- next
CREATE TABLE witness_signature (
    event_id INTEGER NOT NULL,
    name VARCHAR(80) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    CONSTRAINT pk_witness_signature PRIMARY KEY (event_id, name),
    CONSTRAINT ck_witness_signature_sha256 CHECK (length(sha256) = 64),
    CONSTRAINT fk_witness_signature_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
-- next
CREATE TABLE suspension_end (
    id SERIAL NOT NULL,
    suspension_id INTEGER,
    disarm_id INTEGER,
    unlocking_id INTEGER,
    at VARCHAR(27) NOT NULL,
    person_id INTEGER NOT NULL,
    CONSTRAINT pk_suspension_end PRIMARY KEY (id),
    CONSTRAINT ck_suspension_end_of_one CHECK ((suspension_id IS NOT NULL AND disarm_id IS NULL AND unlocking_id IS NULL) OR (suspension_id IS NULL AND disarm_id IS NOT NULL AND unlocking_id IS NULL) OR (suspension_id IS NULL AND disarm_id IS NULL AND unlocking_id IS NOT NULL)),
    CONSTRAINT uq_suspension_end_suspension_id UNIQUE (suspension_id),
    CONSTRAINT fk_suspension_end_suspension_id FOREIGN KEY(suspension_id) REFERENCES alarm_suspension (id),
    CONSTRAINT uq_suspension_end_disarm_id UNIQUE (disarm_id),
    CONSTRAINT fk_suspension_end_disarm_id FOREIGN KEY(disarm_id) REFERENCES room_disarm (id),
    CONSTRAINT uq_suspension_end_unlocking_id UNIQUE (unlocking_id),
    CONSTRAINT fk_suspension_end_unlocking_id FOREIGN KEY(unlocking_id) REFERENCES room_unlocking (id),
    CONSTRAINT fk_suspension_end_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
-- next
CREATE FUNCTION witness_signature_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'witness_signature is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER witness_signature_sealed BEFORE INSERT ON witness_signature FOR EACH ROW EXECUTE FUNCTION witness_signature_sealed()
-- next
CREATE FUNCTION witness_signature_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening', 'loss', 'adjustment', 'destruction', 'close')
THEN RAISE EXCEPTION 'a row of witness_signature belongs to another kind of event' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER witness_signature_kind BEFORE INSERT ON witness_signature FOR EACH ROW EXECUTE FUNCTION witness_signature_kind()
-- next
CREATE FUNCTION link_event() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.site_id = NEW.site_id AND e.kind = NEW.kind) AND NOT (NEW.kind = 'record' AND EXISTS (SELECT 1 FROM record r WHERE r.event_id = NEW.event_id AND r.site_id = NEW.site_id))
THEN RAISE EXCEPTION 'a link belongs to an event of its site and kind' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER link_event BEFORE INSERT ON chain_link FOR EACH ROW EXECUTE FUNCTION link_event()
-- next
CREATE FUNCTION event_clock() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF NEW.reverses_id IS NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND CAST((SELECT e.recorded_at FROM chain_link l JOIN stock_event e ON e.id = l.event_id WHERE l.site_id = NEW.site_id AND l.kind <> 'record' ORDER BY l.number DESC LIMIT 1) AS timestamptz) - CAST(NEW.happened_at AS timestamptz) > INTERVAL '1 day'
THEN RAISE EXCEPTION 'what is entered more than a day after it happened, by the newest entry, needs a reason and a second person' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_clock BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_clock()
-- next
CREATE FUNCTION event_rights() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM person p WHERE p.id IN (NEW.person_id, NEW.second_id) AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role IN ('officer', 'supervisor') AND (g.site_id IS NULL OR g.site_id = NEW.site_id)))
THEN RAISE EXCEPTION 'only officers and supervisors write in the books' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER event_rights BEFORE INSERT ON stock_event FOR EACH ROW EXECUTE FUNCTION event_rights()
-- next
CREATE FUNCTION record_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
THEN RAISE EXCEPTION 'record is append-only' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER record_sealed BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION record_sealed()
-- next
CREATE FUNCTION record_apart() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
IF EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id)
THEN RAISE EXCEPTION 'a record is no event of the stock' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- next
CREATE TRIGGER record_apart BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION record_apart()
-- next
GRANT SELECT, INSERT ON record, witness_signature, secret, sign_in, signing_key, checkpoint, signature_picture, alarm_suspension, room_disarm, room_unlocking, room_witness, suspension_end TO jaga_writer
-- next
GRANT SELECT, INSERT, UPDATE ON role_grant, confirmation TO jaga_writer
-- next
GRANT USAGE, SELECT ON SEQUENCE secret_id_seq, sign_in_id_seq, checkpoint_id_seq, role_grant_id_seq, confirmation_id_seq, alarm_suspension_id_seq, room_disarm_id_seq, room_unlocking_id_seq, room_witness_id_seq, suspension_end_id_seq TO jaga_writer
