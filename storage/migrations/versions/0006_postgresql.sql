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
CREATE TABLE witness_signature (
    event_id INTEGER NOT NULL,
    name VARCHAR(80) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    CONSTRAINT pk_witness_signature PRIMARY KEY (event_id, name),
    CONSTRAINT ck_witness_signature_sha256 CHECK (length(sha256) = 64),
    CONSTRAINT fk_witness_signature_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
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
GRANT SELECT, INSERT ON record, witness_signature, secret, sign_in, signing_key, checkpoint, signature_picture TO jaga_writer
-- next
GRANT SELECT, INSERT, UPDATE ON role_grant, confirmation TO jaga_writer
-- next
GRANT USAGE, SELECT ON SEQUENCE secret_id_seq, sign_in_id_seq, checkpoint_id_seq, role_grant_id_seq, confirmation_id_seq TO jaga_writer
