BEGIN TRANSACTION;
CREATE TABLE "alarm" (
	id INTEGER NOT NULL, 
	camera_id INTEGER, 
	kind VARCHAR(20) NOT NULL, 
	raised_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_alarm PRIMARY KEY (id), 
	CONSTRAINT fk_alarm_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id)
);
INSERT INTO "alarm" VALUES(1,1,'motion','2024-02-06T13:01:10.400000Z');
INSERT INTO "alarm" VALUES(2,NULL,'clock_jump','2024-02-06T13:04:00.000000Z');
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
INSERT INTO "alarm_step" VALUES(1,1,'2024-02-06T13:03:20.000000Z',3,'acknowledged',NULL,'');
INSERT INTO "alarm_step" VALUES(2,1,'2024-02-06T13:03:20.000000Z',3,'verdict','false_alarm','a cat');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
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
 WITHOUT ROWID;
INSERT INTO "balance" VALUES(1,1,'damaged',43,0,11);
INSERT INTO "balance" VALUES(1,1,'destroyed',2,0,11);
INSERT INTO "balance" VALUES(1,1,'good',2449,400,23);
INSERT INTO "balance" VALUES(1,1,'in_transit',100,100,24);
INSERT INTO "balance" VALUES(1,1,'packed',246,246,21);
INSERT INTO "balance" VALUES(1,1,'printer',-3012,0,9);
INSERT INTO "balance" VALUES(1,1,'short_claim',0,0,8);
INSERT INTO "balance" VALUES(1,1,'unsorted',75,0,10);
INSERT INTO "balance" VALUES(1,1,'variance',-3,0,10);
INSERT INTO "balance" VALUES(1,2,'good',480,10,18);
INSERT INTO "balance" VALUES(1,2,'printer',-500,0,3);
INSERT INTO "balance" VALUES(1,2,'unsorted',20,0,6);
INSERT INTO "balance" VALUES(2,1,'good',100,100,24);
CREATE TABLE ballot_class (
    id INTEGER NOT NULL,
    election VARCHAR(40) NOT NULL,
    type VARCHAR(16) NOT NULL,
    district VARCHAR(80) NOT NULL,
    purpose VARCHAR(8) NOT NULL,
    CONSTRAINT pk_ballot_class PRIMARY KEY (id),
    CONSTRAINT ck_ballot_class_type CHECK (type IN ('ppwp', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabko', 'gubernur', 'bupati_walikota')),
    CONSTRAINT ck_ballot_class_purpose CHECK (purpose IN ('regular', 're_vote')),
    CONSTRAINT uq_ballot_class_election_type_district_purpose UNIQUE (election, type, district, purpose),
    CONSTRAINT fk_ballot_class_election FOREIGN KEY(election) REFERENCES election (name)
);
INSERT INTO "ballot_class" VALUES(1,'Pemilu 2024','ppwp','','regular');
INSERT INTO "ballot_class" VALUES(2,'Pemilu 2024','dpd','DKI JAKARTA','regular');
CREATE TABLE camera (
	id INTEGER NOT NULL, 
	room_id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	address VARCHAR(400) NOT NULL, 
	username VARCHAR(80) DEFAULT '' NOT NULL, 
	created_at VARCHAR(27) NOT NULL, sub_address VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_camera PRIMARY KEY (id), 
	CONSTRAINT fk_camera_room_id FOREIGN KEY(room_id) REFERENCES room (id), 
	CONSTRAINT uq_camera_room_id_name UNIQUE (room_id, name)
);
INSERT INTO "camera" VALUES(1,1,'Kamera 1','rtsp://127.0.0.1/1','jaga','2024-02-06T13:00:00.000000Z','');
INSERT INTO "camera" VALUES(2,1,'Kamera 2','rtsp://127.0.0.1/2','jaga','2024-02-06T13:00:00.000000Z','');
INSERT INTO "camera" VALUES(3,2,'Kamera 3','rtsp://127.0.0.1/3','jaga','2024-02-06T13:00:00.000000Z','');
CREATE TABLE camera_off (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	from_at VARCHAR(27) NOT NULL, 
	until_at VARCHAR(27), 
	person_id INTEGER NOT NULL, 
	reason VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_camera_off PRIMARY KEY (id), 
	CONSTRAINT ck_camera_off_reason CHECK (reason <> ''), 
	CONSTRAINT fk_camera_off_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT fk_camera_off_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "camera_off" VALUES(1,3,'2024-02-06T13:03:50.000000Z',NULL,2,'is being moved');
CREATE TABLE "camera_state" (
	camera_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	since_at VARCHAR(27) NOT NULL, 
	last_packet_at VARCHAR(27), 
	last_motion_at VARCHAR(27), 
	frames_per_s FLOAT DEFAULT '0' NOT NULL, 
	reason VARCHAR(24) DEFAULT ('') NOT NULL, 
	writing_path VARCHAR(400) DEFAULT ('') NOT NULL, 
	writing_since_at VARCHAR(27), 
	watched_how VARCHAR(16) DEFAULT ('') NOT NULL, 
	recorder_id INTEGER, 
	CONSTRAINT pk_camera_state PRIMARY KEY (camera_id), 
	CONSTRAINT fk_camera_state_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT ck_camera_state_state CHECK (state IN ('connecting', 'live', 'lost')), 
	CONSTRAINT fk_camera_state_recorder_id FOREIGN KEY(recorder_id) REFERENCES recorder (id)
);
INSERT INTO "camera_state" VALUES(1,'lost','2024-02-06T13:05:00.000000Z','2024-02-06T13:00:10.000000Z',NULL,10.0,'recorder_stopped','',NULL,'',1);
INSERT INTO "camera_state" VALUES(2,'lost','2024-02-06T13:05:00.000000Z','2024-02-06T13:00:10.000000Z',NULL,10.0,'recorder_stopped','',NULL,'',1);
INSERT INTO "camera_state" VALUES(3,'lost','2024-02-06T13:05:00.000000Z','2024-02-06T13:00:10.000000Z',NULL,10.0,'recorder_stopped','',NULL,'',1);
CREATE TABLE camera_view (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	sensitivity INTEGER NOT NULL, 
	valid_from VARCHAR(27) NOT NULL, 
	valid_until VARCHAR(27), 
	person_id INTEGER NOT NULL, 
	CONSTRAINT pk_camera_view PRIMARY KEY (id), 
	CONSTRAINT ck_camera_view_sensitivity CHECK (sensitivity BETWEEN 0 AND 100), 
	CONSTRAINT fk_camera_view_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT fk_camera_view_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "camera_view" VALUES(1,1,70,'2024-02-06T13:03:40.000000Z',NULL,2);
CREATE TABLE chain_link (
    event_id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT pk_chain_link PRIMARY KEY (event_id),
    CONSTRAINT uq_chain_link_site_id_number UNIQUE (site_id, number),
    CONSTRAINT ck_chain_link_hash CHECK (length(hash) = 32),
    CONSTRAINT ck_chain_link_number CHECK (number > 0),
    CONSTRAINT fk_chain_link_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);
INSERT INTO "chain_link" VALUES(1,1,1,'voters',X'01EB1F73FDD524B3D6CDFB2B415FDC600CB9D4022BCFAE9CC1F8F533E240591E');
INSERT INTO "chain_link" VALUES(2,1,2,'need',X'5114F9412E6BDAC2D6A99A33A85E9482ABF25877D838DF598EC10E98EE4B2FD9');
INSERT INTO "chain_link" VALUES(3,1,3,'print_order',X'C543C4BE60517B9B87BD246A5961C5B5EC938413ABC7A3ACEFEFFAFA656C812C');
INSERT INTO "chain_link" VALUES(4,1,4,'delivery',X'9A8C742D20CDB41E6797F6E5D1E501068DAF1E16280B0438CE18241F94644476');
INSERT INTO "chain_link" VALUES(5,1,5,'sorting',X'DF44E7616D6DBD3089809FD1C2ECA75B7BB1C32B873D9E07607467C85B7495C1');
INSERT INTO "chain_link" VALUES(6,1,6,'sorting',X'2D20DC2BFE7E8D45B45E8038F0DCC9A989F0FE07A600B2B0469B4BC2C6FB2F6A');
INSERT INTO "chain_link" VALUES(7,1,7,'inspection',X'007563C5E1E211C8FEDC32D3A47077E30A60A5C095AF7A10B6AF23A227E99D29');
INSERT INTO "chain_link" VALUES(8,1,8,'reprint_request',X'0E05D9AB52D40EDC8CF1E24152AAD4772DEC01812D0FF15D05476995CEF65056');
INSERT INTO "chain_link" VALUES(9,1,9,'reprint_receipt',X'220331DAEE535A27C8682C8B74693107105017361B4D3A63D1ACAA7978B991D4');
INSERT INTO "chain_link" VALUES(10,1,10,'reprint_request',X'F28C39687F158D5B20FC8D62A495EDBA0DBBEDCE3E429D69584D5CB54DE09F1C');
INSERT INTO "chain_link" VALUES(11,1,11,'adjustment',X'98FA9794C1C5CDF57CD51916AF0EA6B6653AD1009C77CB9B3133B1589ECC79E2');
INSERT INTO "chain_link" VALUES(12,1,12,'destruction',X'12E8335619F2BE03492F76D4DEBCED945DC903645BA09770FEFD5D98DF44C765');
INSERT INTO "chain_link" VALUES(13,1,13,'placement',X'1702626A429C1496226135E79DD5A209428A824E643B6B6F7110FC060562BFC5');
INSERT INTO "chain_link" VALUES(14,1,14,'repack',X'F69C032F190AAD694CFCE87F792CF635BF02B2489E8E0B91C8A9F7A129BB4C27');
INSERT INTO "chain_link" VALUES(15,1,15,'placement',X'0990B0445728265C471560769E8606CC8BF8E758A6AF5E1098A03541F28FE7AD');
INSERT INTO "chain_link" VALUES(16,1,16,'repack',X'560DCFFF9ECDDCE883E9C4528EFE805D48144F7930A8D273A8640A686C91AB65');
INSERT INTO "chain_link" VALUES(17,1,17,'placement',X'911FF4A0B1C64F652FA3DB2B3ADDC56639D7CA25CA771A677118D39A76181725');
INSERT INTO "chain_link" VALUES(18,1,18,'repack',X'BE165BCFF7FB6AA18CE45473C6BD9C67A67F0C39AE3BB8A3479F83D0E13BBC19');
INSERT INTO "chain_link" VALUES(19,1,19,'placement',X'4304025F179CEC7486B128DC2CFEB13B1603FF8B2DB856FCE04A451C6F4F03D3');
INSERT INTO "chain_link" VALUES(20,1,20,'repack',X'974CA652598A81F68D2B906203D437800CC8D3ECC3EAF8F86E4F0AC14B04087D');
INSERT INTO "chain_link" VALUES(21,1,21,'placement',X'4E82024CBBA433BF517DD1B2292981F77092322511D7B898C1E6733D3E6CA325');
INSERT INTO "chain_link" VALUES(22,1,22,'repack',X'12698419AA805DF9E491148FF926563953C416A7D6FA0D1C2AD26B89EA36BC1D');
INSERT INTO "chain_link" VALUES(23,1,23,'placement',X'FDC49B9017F5A6EAC79448B9F0B35AB914E09D2A0D37309ACD2C325F49B7552E');
INSERT INTO "chain_link" VALUES(24,1,24,'repack',X'17AC5A8F2E0531745767035FB75A138E3E253D9CC9E2F37FCDDAE3E4A87B372F');
INSERT INTO "chain_link" VALUES(25,1,25,'placement',X'453D92CA61886660ED9B473B8FA09A2343CC9BE5F5E64C9C57B94B8F118E31A9');
INSERT INTO "chain_link" VALUES(26,1,26,'placement',X'BEF058268540A2EFE4D8E70D391904DC812F7A5C69455ACE9AC30074A6206C0B');
INSERT INTO "chain_link" VALUES(27,1,27,'repack',X'F625C335C3BEDE077C9AA187CB26EF7D14D9D985E085081D7268417A40A0B306');
INSERT INTO "chain_link" VALUES(28,1,28,'placement',X'9F3D57C1FABF30C86BF6AC9762211BE01DF9CD4F64AFD96B16543967720FA224');
INSERT INTO "chain_link" VALUES(29,1,29,'sealing',X'4752F1A0718A689AB86D3AF80109D2609FC944EC28855227D7E4A88AF6A35F3D');
INSERT INTO "chain_link" VALUES(30,1,30,'sealing',X'1E7889027FF17D890519B77EFB43C6584F52B8A5B837E4D3502AEE9773F6A590');
INSERT INTO "chain_link" VALUES(31,1,31,'sealing',X'9432A875DF830CFE6E0B539A1335C897F9313E8950AD12A92E684A1C9C1097B4');
INSERT INTO "chain_link" VALUES(32,1,32,'sealing',X'05ECA26D71C75EA219BC51F97C8D6FFF93C6EC91D426EC42398C9EF58CE21FBF');
INSERT INTO "chain_link" VALUES(33,1,33,'sealing',X'DECD3C531F53B40FC8957F86CFAA2D5A185C46AD0FFD78B13F6B57B99E7BFBD9');
INSERT INTO "chain_link" VALUES(34,1,34,'opening',X'5BB5F8DE15A2307D1E6F788D6FB4D909C40B62C18CFEFA2E54A562C690591B10');
INSERT INTO "chain_link" VALUES(35,1,35,'packing',X'BA1F62B44419DE9A5307747FE5162ECD81A72BB173F712F3C79156E85DD41367');
INSERT INTO "chain_link" VALUES(36,1,36,'packing',X'2E6C6135743F8635D0C36ED124DCF4EE1808998F605EDA8FBE3E093377750F76');
INSERT INTO "chain_link" VALUES(37,1,37,'unpacking',X'23FD6C09847679B943E9F7070B5A1F289E896461B10421D3AA93C34597281C60');
INSERT INTO "chain_link" VALUES(38,1,38,'dispatch',X'9E0A1934A11FCF16422869B2DDB74901A4CF63BA4CFEE266F95FF4928BFC5675');
INSERT INTO "chain_link" VALUES(39,2,1,'arrival',X'1A3E41BEDE3D27C9FE433F211F86E7DCDD632160B9CB423F431F4661207256CF');
INSERT INTO "chain_link" VALUES(40,1,39,'count',X'933220C03DF77691D0C11564A6673EAF09016BE1227924C1B57764E2EDDE7355');
INSERT INTO "chain_link" VALUES(41,1,40,'count_sheet',X'F4B128CC95ACA85720AE7895506EF2FC73B978B881CD728C10337C6B8FEBC968');
INSERT INTO "chain_link" VALUES(42,1,41,'count_sheet',X'FE85CE680D7C0E89AAC3EDEAE0DDA408EC5E249581F775CB789D9449CFE1D16A');
INSERT INTO "chain_link" VALUES(43,1,42,'count',X'5B335ACF58A07360A5623141AC45BBA7FD1A2D7496600EEFBAF7A378497CE061');
INSERT INTO "chain_link" VALUES(44,1,43,'count_sheet',X'BEF4C99AD785651A8C7E1106DC540E83E1C48BEDDF1E8E459F2BB1F6853B112E');
INSERT INTO "chain_link" VALUES(45,1,44,'count_sheet',X'4EAF1879B5700B5BFA0BFF387E6BCA4FB16C6B5516BDF90470918E8B44F9DD50');
INSERT INTO "chain_link" VALUES(46,1,45,'count_acceptance',X'6F07656FABFB79553DF7918DDE0C210597FD3FE1A18553FE358171957CA25DB0');
INSERT INTO "chain_link" VALUES(47,1,46,'close',X'1E6E7BE3B043F0E755236073D5B4B1CB870A7B77DD20B5B740817A5612740AD3');
CREATE TABLE class_area (
    class_id INTEGER NOT NULL,
    region_code VARCHAR(16) NOT NULL,
    CONSTRAINT pk_class_area PRIMARY KEY (class_id, region_code),
    CONSTRAINT fk_class_area_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id),
    CONSTRAINT fk_class_area_region_code FOREIGN KEY(region_code) REFERENCES region (code)
)
 WITHOUT ROWID;
INSERT INTO "class_area" VALUES(1,'31');
CREATE TABLE clock_step (
	id INTEGER NOT NULL, 
	recorder_id INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	computer_at VARCHAR(27) NOT NULL, 
	settled_at VARCHAR(27), 
	settled_by INTEGER, 
	CONSTRAINT pk_clock_step PRIMARY KEY (id), 
	CONSTRAINT ck_clock_step_settled CHECK ((settled_at IS NULL) = (settled_by IS NULL)), 
	CONSTRAINT fk_clock_step_recorder_id FOREIGN KEY(recorder_id) REFERENCES recorder (id), 
	CONSTRAINT fk_clock_step_settled_by FOREIGN KEY(settled_by) REFERENCES person (id)
);
INSERT INTO "clock_step" VALUES(1,1,'2024-02-06T13:04:00.000000Z','2024-02-06T12:00:00.000000Z','2024-02-06T13:04:10.000000Z',2);
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
);
INSERT INTO "consignment" VALUES(38,'BA-73',2,'Budi','Joko','B 1234 XY','','');
CREATE TABLE consignment_end (
    event_id INTEGER NOT NULL,
    consignment_id INTEGER NOT NULL,
    CONSTRAINT pk_consignment_end PRIMARY KEY (event_id),
    CONSTRAINT fk_consignment_end_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_consignment_end_consignment_id FOREIGN KEY(consignment_id) REFERENCES consignment (event_id)
);
INSERT INTO "consignment_end" VALUES(39,38);
CREATE TABLE container (
    id INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    code VARCHAR(60) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    CONSTRAINT pk_container PRIMARY KEY (id),
    CONSTRAINT ck_container_kind CHECK (kind IN ('carton', 'box', 'pallet')),
    CONSTRAINT ck_container_code CHECK (code <> ''),
    CONSTRAINT fk_container_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT uq_container_code UNIQUE (code)
);
INSERT INTO "container" VALUES(1,13,'open','carton');
INSERT INTO "container" VALUES(2,15,'sealed','carton');
INSERT INTO "container" VALUES(3,17,'inside','carton');
INSERT INTO "container" VALUES(4,19,'sent','carton');
INSERT INTO "container" VALUES(5,21,'arrived','carton');
INSERT INTO "container" VALUES(6,23,'opened','carton');
INSERT INTO "container" VALUES(7,25,'box','box');
INSERT INTO "container" VALUES(8,26,'pallet','pallet');
INSERT INTO "container" VALUES(9,35,'BOX-65','box');
INSERT INTO "container" VALUES(10,36,'BOX-68','box');
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
 WITHOUT ROWID;
INSERT INTO "content" VALUES(1,1,1,'good',100,12);
INSERT INTO "content" VALUES(2,1,1,'good',100,13);
INSERT INTO "content" VALUES(3,1,1,'good',100,14);
INSERT INTO "content" VALUES(4,1,1,'good',0,22);
INSERT INTO "content" VALUES(4,1,1,'in_transit',100,22);
INSERT INTO "content" VALUES(5,1,1,'good',0,23);
INSERT INTO "content" VALUES(5,1,1,'in_transit',0,24);
INSERT INTO "content" VALUES(5,1,2,'good',100,24);
INSERT INTO "content" VALUES(6,1,1,'good',100,17);
INSERT INTO "content" VALUES(7,2,1,'good',10,18);
INSERT INTO "content" VALUES(9,1,1,'packed',246,19);
INSERT INTO "content" VALUES(10,1,1,'packed',0,21);
CREATE TABLE count_acceptance (
    event_id INTEGER NOT NULL,
    count_id INTEGER NOT NULL,
    sheet_id INTEGER NOT NULL,
    CONSTRAINT pk_count_acceptance PRIMARY KEY (event_id),
    CONSTRAINT fk_count_acceptance_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_count_acceptance_count_id FOREIGN KEY(count_id) REFERENCES stock_count (event_id),
    CONSTRAINT fk_count_acceptance_sheet_id FOREIGN KEY(sheet_id) REFERENCES count_sheet (event_id)
);
INSERT INTO "count_acceptance" VALUES(46,40,42);
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
);
INSERT INTO "count_sheet" VALUES(41,40,1,75,2449,43,0,246);
INSERT INTO "count_sheet" VALUES(42,40,2,75,2449,43,0,246);
INSERT INTO "count_sheet" VALUES(44,43,1,20,479,0,0,0);
INSERT INTO "count_sheet" VALUES(45,43,2,20,479,0,0,0);
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
 WITHOUT ROWID;
INSERT INTO "damage_line" VALUES(5,1,'torn',40);
INSERT INTO "damage_line" VALUES(7,1,'holed',5);
CREATE TABLE delivery (
    event_id INTEGER NOT NULL,
    note_number VARCHAR(60) NOT NULL,
    order_id INTEGER,
    CONSTRAINT pk_delivery PRIMARY KEY (event_id),
    CONSTRAINT fk_delivery_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_delivery_order_id FOREIGN KEY(order_id) REFERENCES print_order (event_id)
);
INSERT INTO "delivery" VALUES(4,'SJ-A',NULL);
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
 WITHOUT ROWID;
INSERT INTO "delivery_line" VALUES(4,1,3010,3000,0);
INSERT INTO "delivery_line" VALUES(4,2,500,500,0);
CREATE TABLE election (
    name VARCHAR(40) NOT NULL,
    reserve_num INTEGER NOT NULL,
    reserve_den INTEGER NOT NULL,
    polling_day VARCHAR(10),
    CONSTRAINT pk_election PRIMARY KEY (name),
    CONSTRAINT ck_election_reserve CHECK (reserve_num >= 0 AND reserve_den > 0 AND reserve_num <= reserve_den)
);
INSERT INTO "election" VALUES('Pemilu 2024',1,50,NULL);
CREATE TABLE footage_finding (
	id INTEGER NOT NULL, 
	segment_id INTEGER NOT NULL, 
	found_at VARCHAR(27) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_footage_finding PRIMARY KEY (id), 
	CONSTRAINT ck_footage_finding_kind CHECK (kind IN ('missing', 'size', 'hash')), 
	CONSTRAINT fk_footage_finding_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id), 
	CONSTRAINT uq_footage_finding_segment_id_kind UNIQUE (segment_id, kind)
);
CREATE TABLE footage_lock (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	from_at VARCHAR(27) NOT NULL, 
	until_at VARCHAR(27) NOT NULL, 
	reason VARCHAR(200) NOT NULL, 
	locked_at VARCHAR(27) NOT NULL, 
	locked_by INTEGER NOT NULL, 
	released_at VARCHAR(27), 
	released_by INTEGER, 
	CONSTRAINT pk_footage_lock PRIMARY KEY (id), 
	CONSTRAINT ck_footage_lock_order CHECK (until_at > from_at), 
	CONSTRAINT ck_footage_lock_released CHECK ((released_at IS NULL) = (released_by IS NULL)), 
	CONSTRAINT fk_footage_lock_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT fk_footage_lock_locked_by FOREIGN KEY(locked_by) REFERENCES person (id), 
	CONSTRAINT fk_footage_lock_released_by FOREIGN KEY(released_by) REFERENCES person (id)
);
INSERT INTO "footage_lock" VALUES(1,1,'2024-02-06T13:01:00.000000Z','2024-02-06T13:01:30.000000Z','asked for by Bawaslu','2024-02-06T13:03:30.000000Z',3,NULL,NULL);
INSERT INTO "footage_lock" VALUES(2,2,'2024-02-06T13:00:00.000000Z','2024-02-06T13:00:30.000000Z','by mistake','2024-02-06T13:03:31.000000Z',3,'2024-02-06T13:03:32.000000Z',2);
CREATE TABLE footage_removal (
	segment_id INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	reason VARCHAR(12) NOT NULL, 
	CONSTRAINT pk_footage_removal PRIMARY KEY (segment_id), 
	CONSTRAINT ck_footage_removal_reason CHECK (reason IN ('days', 'bytes', 'disk_low')), 
	CONSTRAINT fk_footage_removal_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id)
);
CREATE TABLE gap (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27), 
	cause VARCHAR(24) NOT NULL, note VARCHAR(400) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_gap PRIMARY KEY (id), 
	CONSTRAINT fk_gap_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id)
);
INSERT INTO "gap" VALUES(1,1,'2024-02-06T13:00:00.000000Z','2024-02-06T13:00:05.000000Z','starting','');
INSERT INTO "gap" VALUES(2,2,'2024-02-06T13:00:00.000000Z','2024-02-06T13:00:05.000000Z','starting','');
INSERT INTO "gap" VALUES(3,3,'2024-02-06T13:00:00.000000Z','2024-02-06T13:00:05.000000Z','starting','');
INSERT INTO "gap" VALUES(4,2,'2024-02-06T13:02:05.000000Z',NULL,'camera_lost','');
CREATE TABLE legal_move (
    kind VARCHAR(20) NOT NULL,
    from_state VARCHAR(12) NOT NULL,
    to_state VARCHAR(12) NOT NULL,
    CONSTRAINT pk_legal_move PRIMARY KEY (kind, from_state, to_state)
)
 WITHOUT ROWID;
INSERT INTO "legal_move" VALUES('adjustment','damaged','variance');
INSERT INTO "legal_move" VALUES('adjustment','good','variance');
INSERT INTO "legal_move" VALUES('adjustment','packed','variance');
INSERT INTO "legal_move" VALUES('adjustment','surplus','variance');
INSERT INTO "legal_move" VALUES('adjustment','unsorted','variance');
INSERT INTO "legal_move" VALUES('adjustment','variance','damaged');
INSERT INTO "legal_move" VALUES('adjustment','variance','good');
INSERT INTO "legal_move" VALUES('adjustment','variance','packed');
INSERT INTO "legal_move" VALUES('adjustment','variance','surplus');
INSERT INTO "legal_move" VALUES('adjustment','variance','unsorted');
INSERT INTO "legal_move" VALUES('arrival','in_transit','delivered');
INSERT INTO "legal_move" VALUES('arrival','in_transit','good');
INSERT INTO "legal_move" VALUES('arrival','in_transit','packed');
INSERT INTO "legal_move" VALUES('count_acceptance','damaged','variance');
INSERT INTO "legal_move" VALUES('count_acceptance','good','variance');
INSERT INTO "legal_move" VALUES('count_acceptance','packed','variance');
INSERT INTO "legal_move" VALUES('count_acceptance','surplus','variance');
INSERT INTO "legal_move" VALUES('count_acceptance','unsorted','variance');
INSERT INTO "legal_move" VALUES('count_acceptance','variance','damaged');
INSERT INTO "legal_move" VALUES('count_acceptance','variance','good');
INSERT INTO "legal_move" VALUES('count_acceptance','variance','packed');
INSERT INTO "legal_move" VALUES('count_acceptance','variance','surplus');
INSERT INTO "legal_move" VALUES('count_acceptance','variance','unsorted');
INSERT INTO "legal_move" VALUES('delivery','printer','short_claim');
INSERT INTO "legal_move" VALUES('delivery','printer','unsorted');
INSERT INTO "legal_move" VALUES('destruction','damaged','destroyed');
INSERT INTO "legal_move" VALUES('destruction','surplus','destroyed');
INSERT INTO "legal_move" VALUES('dispatch','good','in_transit');
INSERT INTO "legal_move" VALUES('dispatch','packed','in_transit');
INSERT INTO "legal_move" VALUES('dispatch','surplus','in_transit');
INSERT INTO "legal_move" VALUES('inspection','good','damaged');
INSERT INTO "legal_move" VALUES('inspection','surplus','damaged');
INSERT INTO "legal_move" VALUES('inspection','unsorted','damaged');
INSERT INTO "legal_move" VALUES('loss','in_transit','lost');
INSERT INTO "legal_move" VALUES('packing','good','packed');
INSERT INTO "legal_move" VALUES('repack','damaged','damaged');
INSERT INTO "legal_move" VALUES('repack','good','good');
INSERT INTO "legal_move" VALUES('repack','surplus','surplus');
INSERT INTO "legal_move" VALUES('repack','unsorted','unsorted');
INSERT INTO "legal_move" VALUES('reprint_receipt','printer','unsorted');
INSERT INTO "legal_move" VALUES('reprint_receipt','short_claim','unsorted');
INSERT INTO "legal_move" VALUES('return','in_transit','good');
INSERT INTO "legal_move" VALUES('return','in_transit','packed');
INSERT INTO "legal_move" VALUES('return','in_transit','surplus');
INSERT INTO "legal_move" VALUES('sorting','unsorted','damaged');
INSERT INTO "legal_move" VALUES('sorting','unsorted','good');
INSERT INTO "legal_move" VALUES('surplus','good','surplus');
INSERT INTO "legal_move" VALUES('surplus','surplus','good');
INSERT INTO "legal_move" VALUES('unpacking','packed','good');
CREATE TABLE minutes (
    event_id INTEGER NOT NULL,
    number VARCHAR(60) NOT NULL,
    CONSTRAINT pk_minutes PRIMARY KEY (event_id),
    CONSTRAINT ck_minutes_number CHECK (number <> ''),
    CONSTRAINT fk_minutes_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "minutes" VALUES(11,'BA-1');
INSERT INTO "minutes" VALUES(12,'BA-2');
CREATE TABLE motion_grid (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	minute_at VARCHAR(27) NOT NULL, 
	cells BLOB NOT NULL, 
	CONSTRAINT pk_motion_grid PRIMARY KEY (id), 
	CONSTRAINT fk_motion_grid_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT uq_motion_grid_camera_id_minute_at UNIQUE (camera_id, minute_at)
);
INSERT INTO "motion_grid" VALUES(1,1,'2024-02-06T13:01:00.000000Z',X'EDC1010D000000C2A0FEA96F0E37A000000000BE0D');
CREATE TABLE movement (
    id INTEGER NOT NULL,
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
);
INSERT INTO "movement" VALUES(1,4,1,3000,1,'printer',NULL,1,'unsorted',NULL);
INSERT INTO "movement" VALUES(2,4,1,10,1,'printer',NULL,1,'short_claim',NULL);
INSERT INTO "movement" VALUES(3,4,2,500,1,'printer',NULL,1,'unsorted',NULL);
INSERT INTO "movement" VALUES(4,5,1,2900,1,'unsorted',NULL,1,'good',NULL);
INSERT INTO "movement" VALUES(5,5,1,40,1,'unsorted',NULL,1,'damaged',NULL);
INSERT INTO "movement" VALUES(6,6,2,480,1,'unsorted',NULL,1,'good',NULL);
INSERT INTO "movement" VALUES(7,7,1,5,1,'good',NULL,1,'damaged',NULL);
INSERT INTO "movement" VALUES(8,9,1,10,1,'short_claim',NULL,1,'unsorted',NULL);
INSERT INTO "movement" VALUES(9,9,1,2,1,'printer',NULL,1,'unsorted',NULL);
INSERT INTO "movement" VALUES(10,11,1,3,1,'variance',NULL,1,'unsorted',NULL);
INSERT INTO "movement" VALUES(11,12,1,2,1,'damaged',NULL,1,'destroyed',NULL);
INSERT INTO "movement" VALUES(12,14,1,100,1,'good',NULL,1,'good',1);
INSERT INTO "movement" VALUES(13,16,1,100,1,'good',NULL,1,'good',2);
INSERT INTO "movement" VALUES(14,18,1,100,1,'good',NULL,1,'good',3);
INSERT INTO "movement" VALUES(15,20,1,100,1,'good',NULL,1,'good',4);
INSERT INTO "movement" VALUES(16,22,1,100,1,'good',NULL,1,'good',5);
INSERT INTO "movement" VALUES(17,24,1,100,1,'good',NULL,1,'good',6);
INSERT INTO "movement" VALUES(18,27,2,10,1,'good',NULL,1,'good',7);
INSERT INTO "movement" VALUES(19,35,1,246,1,'good',NULL,1,'packed',9);
INSERT INTO "movement" VALUES(20,36,1,260,1,'good',NULL,1,'packed',10);
INSERT INTO "movement" VALUES(21,37,1,260,1,'packed',10,1,'good',NULL);
INSERT INTO "movement" VALUES(22,38,1,100,1,'good',4,1,'in_transit',4);
INSERT INTO "movement" VALUES(23,38,1,100,1,'good',5,1,'in_transit',5);
INSERT INTO "movement" VALUES(24,39,1,100,1,'in_transit',5,2,'good',5);
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
 WITHOUT ROWID;
INSERT INTO "need_line" VALUES(2,1,3000,NULL,NULL,NULL,NULL);
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
INSERT INTO "opening_hours" VALUES(1,1,0,480,960,'2024-02-06T13:00:00.000000Z',NULL);
INSERT INTO "opening_hours" VALUES(2,1,1,480,960,'2024-02-06T13:00:00.000000Z',NULL);
INSERT INTO "opening_hours" VALUES(3,1,2,480,960,'2024-02-06T13:00:00.000000Z',NULL);
INSERT INTO "opening_hours" VALUES(4,1,3,480,960,'2024-02-06T13:00:00.000000Z',NULL);
INSERT INTO "opening_hours" VALUES(5,1,4,480,960,'2024-02-06T13:00:00.000000Z',NULL);
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
);
INSERT INTO "packing" VALUES(35,4,1,9,246,246);
INSERT INTO "packing" VALUES(36,5,1,10,260,260);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT ck_person_role CHECK (role IN ('guard', 'officer', 'supervisor', 'auditor', 'administrator')), 
	CONSTRAINT uq_person_name UNIQUE (name)
);
INSERT INTO "person" VALUES(1,'Budi','officer','2024-02-01T01:00:00.000000Z');
INSERT INTO "person" VALUES(2,'Agus','supervisor','2024-02-01T01:00:00.000000Z');
INSERT INTO "person" VALUES(3,'Sari','guard','2024-02-01T01:00:00.000000Z');
INSERT INTO "person" VALUES(4,'Citra','officer','2024-02-01T01:00:00.000000Z');
INSERT INTO "person" VALUES(5,'Tuti','auditor','2024-02-06T13:00:00.000000Z');
INSERT INTO "person" VALUES(6,'Rahmat','administrator','2024-02-06T13:00:00.000000Z');
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
 WITHOUT ROWID;
INSERT INTO "placement" VALUES(13,1,NULL,NULL);
INSERT INTO "placement" VALUES(15,2,NULL,NULL);
INSERT INTO "placement" VALUES(17,3,NULL,NULL);
INSERT INTO "placement" VALUES(19,4,NULL,NULL);
INSERT INTO "placement" VALUES(21,5,NULL,NULL);
INSERT INTO "placement" VALUES(23,6,NULL,NULL);
INSERT INTO "placement" VALUES(25,7,NULL,NULL);
INSERT INTO "placement" VALUES(26,8,NULL,NULL);
INSERT INTO "placement" VALUES(28,3,8,NULL);
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
 WITHOUT ROWID;
INSERT INTO "polling_station" VALUES('Pemilu 2024',4,1,241);
INSERT INTO "polling_station" VALUES('Pemilu 2024',5,1,254);
INSERT INTO "polling_station" VALUES('Pemilu 2024',6,1,300);
INSERT INTO "polling_station" VALUES('Pemilu 2024',7,1,100);
CREATE TABLE print_order (
    event_id INTEGER NOT NULL,
    number VARCHAR(60) NOT NULL,
    printer_id INTEGER NOT NULL,
    CONSTRAINT pk_print_order PRIMARY KEY (event_id),
    CONSTRAINT ck_print_order_number CHECK (number <> ''),
    CONSTRAINT fk_print_order_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_print_order_printer_id FOREIGN KEY(printer_id) REFERENCES site (id)
);
INSERT INTO "print_order" VALUES(3,'ORDER-1',3);
CREATE TABLE print_order_line (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    sheets BIGINT NOT NULL,
    CONSTRAINT pk_print_order_line PRIMARY KEY (event_id, class_id),
    CONSTRAINT ck_print_order_line_sheets CHECK (sheets > 0),
    CONSTRAINT fk_print_order_line_event_id FOREIGN KEY(event_id) REFERENCES print_order (event_id),
    CONSTRAINT fk_print_order_line_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
)
 WITHOUT ROWID;
INSERT INTO "print_order_line" VALUES(3,1,3000);
CREATE TABLE recorder (
	id INTEGER NOT NULL, 
	host VARCHAR(80) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	beat_at VARCHAR(27) NOT NULL, 
	stopped_at VARCHAR(27), 
	address VARCHAR(80) NOT NULL, 
	public_key VARCHAR(40) NOT NULL, 
	window_secret_key VARCHAR(40) NOT NULL, computer_at VARCHAR(27), boot_id VARCHAR(64) DEFAULT '' NOT NULL, uptime_s FLOAT DEFAULT '0' NOT NULL, stopped_by VARCHAR(120) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_recorder PRIMARY KEY (id)
);
INSERT INTO "recorder" VALUES(1,'vm',27491,'2024-02-06T13:00:00.000000Z','2024-02-06T13:05:00.000000Z','2024-02-06T13:05:00.000000Z','tcp://127.0.0.1:1','p','s','2024-02-06T13:05:00.000000Z','boot',1300.0,'Agus');
CREATE TABLE region (
    code VARCHAR(16) NOT NULL,
    level VARCHAR(8) NOT NULL,
    name VARCHAR(80) NOT NULL,
    parent_code VARCHAR(16),
    CONSTRAINT pk_region PRIMARY KEY (code),
    CONSTRAINT ck_region_level CHECK (level IN ('province', 'regency', 'district', 'village')),
    CONSTRAINT ck_region_parent CHECK ((level = 'province') = (parent_code IS NULL)),
    CONSTRAINT fk_region_parent_code FOREIGN KEY(parent_code) REFERENCES region (code)
);
INSERT INTO "region" VALUES('31','province','DKI JAKARTA',NULL);
INSERT INTO "region" VALUES('31.75','regency','JAKARTA TIMUR','31');
INSERT INTO "region" VALUES('31.75.01','district','MATRAMAN','31.75');
INSERT INTO "region" VALUES('31.75.01.1001','village','PISANGAN BARU','31.75.01');
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
INSERT INTO "reprint_receipt" VALUES(9,8,12,10);
CREATE TABLE reprint_request (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    for_damaged BIGINT NOT NULL,
    for_short BIGINT NOT NULL,
    CONSTRAINT pk_reprint_request PRIMARY KEY (event_id),
    CONSTRAINT ck_reprint_request_sheets CHECK (for_damaged >= 0 AND for_short >= 0 AND for_damaged + for_short > 0),
    CONSTRAINT fk_reprint_request_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_reprint_request_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
);
INSERT INTO "reprint_request" VALUES(8,1,20,10);
INSERT INTO "reprint_request" VALUES(10,1,20,0);
CREATE TABLE retention (
	id INTEGER NOT NULL, 
	room_id INTEGER NOT NULL, 
	days INTEGER, 
	bytes BIGINT, 
	valid_from VARCHAR(27) NOT NULL, 
	valid_until VARCHAR(27), 
	person_id INTEGER NOT NULL, 
	CONSTRAINT pk_retention PRIMARY KEY (id), 
	CONSTRAINT ck_retention_limits CHECK (days > 0 AND bytes > 0), 
	CONSTRAINT fk_retention_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_retention_room_id FOREIGN KEY(room_id) REFERENCES room (id)
);
INSERT INTO "retention" VALUES(1,1,30,NULL,'2024-02-06T13:03:33.000000Z','2024-02-06T13:03:34.000000Z',2);
INSERT INTO "retention" VALUES(2,1,1,NULL,'2024-02-06T13:03:34.000000Z',NULL,2);
CREATE TABLE room (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_room PRIMARY KEY (id), 
	CONSTRAINT fk_room_site_id FOREIGN KEY(site_id) REFERENCES site (id), 
	CONSTRAINT uq_room_site_id_name UNIQUE (site_id, name)
);
INSERT INTO "room" VALUES(1,1,'A','2024-02-06T13:00:00.000000Z');
INSERT INTO "room" VALUES(2,1,'B','2024-02-06T13:00:00.000000Z');
CREATE TABLE seal (
    number VARCHAR(40) NOT NULL,
    event_id INTEGER NOT NULL,
    container_id INTEGER NOT NULL,
    CONSTRAINT pk_seal PRIMARY KEY (number),
    CONSTRAINT ck_seal_number CHECK (number <> ''),
    CONSTRAINT fk_seal_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_seal_container_id FOREIGN KEY(container_id) REFERENCES container (id)
)
 WITHOUT ROWID;
INSERT INTO "seal" VALUES('SEAL-48',29,2);
INSERT INTO "seal" VALUES('SEAL-51',30,8);
INSERT INTO "seal" VALUES('SEAL-54',31,4);
INSERT INTO "seal" VALUES('SEAL-57',32,5);
INSERT INTO "seal" VALUES('SEAL-60',33,6);
CREATE TABLE seal_break (
    seal_number VARCHAR(40) NOT NULL,
    event_id INTEGER NOT NULL,
    CONSTRAINT pk_seal_break PRIMARY KEY (seal_number),
    CONSTRAINT fk_seal_break_seal_number FOREIGN KEY(seal_number) REFERENCES seal (number),
    CONSTRAINT fk_seal_break_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
 WITHOUT ROWID;
INSERT INTO "seal_break" VALUES('SEAL-60',34);
CREATE TABLE "segment" (
	id INTEGER NOT NULL, 
	camera_id INTEGER NOT NULL, 
	path VARCHAR(400) NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27) NOT NULL, 
	packets INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	end_reason VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	first_stamp_us BIGINT, 
	last_stamp_us BIGINT, 
	CONSTRAINT pk_segment PRIMARY KEY (id), 
	CONSTRAINT uq_segment_path UNIQUE (path), 
	CONSTRAINT ck_segment_order CHECK (ended_at >= started_at), 
	CONSTRAINT fk_segment_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT uq_segment_camera_id_number UNIQUE (camera_id, number)
);
INSERT INTO "segment" VALUES(1,1,'31-75/camera-1/2024/02/06/2024-02-06T13-00-05Z.mp4','2024-02-06T13:00:05.000000Z','2024-02-06T13:01:05.000000Z',1500,100,'09ecb6ebc8bcefc733f6f2ec44f791abeed6a99edf0cc31519637898aebd52d8','full',1,NULL,NULL);
INSERT INTO "segment" VALUES(2,1,'31-75/camera-1/2024/02/06/2024-02-06T13-01-05Z.mp4','2024-02-06T13:01:05.000000Z','2024-02-06T13:02:05.000000Z',1500,100,'09ecb6ebc8bcefc733f6f2ec44f791abeed6a99edf0cc31519637898aebd52d8','full',2,NULL,NULL);
INSERT INTO "segment" VALUES(3,1,'31-75/camera-1/2024/02/06/2024-02-06T13-02-05Z.mp4','2024-02-06T13:02:05.000000Z','2024-02-06T13:03:05.000000Z',1500,100,'09ecb6ebc8bcefc733f6f2ec44f791abeed6a99edf0cc31519637898aebd52d8','full',3,NULL,NULL);
INSERT INTO "segment" VALUES(4,2,'31-75/camera-2/2024/02/06/2024-02-06T13-00-05Z.mp4','2024-02-06T13:00:05.000000Z','2024-02-06T13:01:05.000000Z',1500,100,'09ecb6ebc8bcefc733f6f2ec44f791abeed6a99edf0cc31519637898aebd52d8','full',1,NULL,NULL);
INSERT INTO "segment" VALUES(5,2,'31-75/camera-2/2024/02/06/2024-02-06T13-01-05Z.mp4','2024-02-06T13:01:05.000000Z','2024-02-06T13:02:05.000000Z',1500,100,'09ecb6ebc8bcefc733f6f2ec44f791abeed6a99edf0cc31519637898aebd52d8','full',2,NULL,NULL);
CREATE TABLE set_aside (
	id INTEGER NOT NULL, 
	camera_id INTEGER, 
	path VARCHAR(400) NOT NULL, 
	found_at VARCHAR(27) NOT NULL, 
	bytes INTEGER NOT NULL, 
	reason VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_set_aside PRIMARY KEY (id), 
	CONSTRAINT fk_set_aside_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT uq_set_aside_path UNIQUE (path)
);
INSERT INTO "set_aside" VALUES(1,1,'31-75/camera-1/set-aside/a.mp4','2024-02-06T13:00:05.000000Z',7,'cannot be read');
CREATE TABLE "site" (
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	zone VARCHAR(40) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	region_code VARCHAR(16), 
	status VARCHAR(12) DEFAULT 'confirmed' NOT NULL, 
	CONSTRAINT pk_site PRIMARY KEY (id), 
	CONSTRAINT ck_site_kind CHECK (kind IN ('printer', 'warehouse', 'kecamatan', 'kelurahan', 'tps', 'transit')), 
	CONSTRAINT ck_site_status CHECK (status IN ('confirmed', 'pending')), 
	CONSTRAINT fk_site_region_code FOREIGN KEY(region_code) REFERENCES region (code), 
	CONSTRAINT uq_site_code UNIQUE (code)
);
INSERT INTO "site" VALUES(1,'warehouse','31.75','Gudang Timur','Asia/Jakarta','2024-02-01T01:00:00.000000Z','31.75','confirmed');
INSERT INTO "site" VALUES(2,'warehouse','31.74','Gudang Selatan','Asia/Jakarta','2024-02-01T01:00:00.000000Z',NULL,'confirmed');
INSERT INTO "site" VALUES(3,'printer','CETAK-1','PT Cetak','Asia/Jakarta','2024-02-01T01:00:00.000000Z',NULL,'confirmed');
INSERT INTO "site" VALUES(4,'tps','31.75.01.1001.001','TPS 001','Asia/Jakarta','2024-02-01T01:00:00.000000Z','31.75.01.1001','confirmed');
INSERT INTO "site" VALUES(5,'tps','31.75.01.1001.002','TPS 002','Asia/Jakarta','2024-02-01T01:00:00.000000Z','31.75.01.1001','confirmed');
INSERT INTO "site" VALUES(6,'tps','31.75.01.1001.003','TPS 003','Asia/Jakarta','2024-02-01T01:00:00.000000Z','31.75.01.1001','confirmed');
INSERT INTO "site" VALUES(7,'tps','31.75.01.1001.004','TPS 004','Asia/Jakarta','2024-02-01T01:00:00.000000Z','31.75.01.1001','confirmed');
INSERT INTO "site" VALUES(8,'warehouse','31.73','Gudang Barat','Asia/Jakarta','2024-02-01T01:00:00.000000Z',NULL,'pending');
CREATE TABLE sorting_run (
    event_id INTEGER NOT NULL,
    team VARCHAR(60) NOT NULL,
    CONSTRAINT pk_sorting_run PRIMARY KEY (event_id),
    CONSTRAINT fk_sorting_run_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "sorting_run" VALUES(5,'A');
INSERT INTO "sorting_run" VALUES(6,'');
CREATE TABLE stock_close (
    event_id INTEGER NOT NULL,
    closed_until VARCHAR(27) NOT NULL,
    final INTEGER NOT NULL,
    CONSTRAINT pk_stock_close PRIMARY KEY (event_id),
    CONSTRAINT ck_stock_close_final CHECK (final IN (0, 1)),
    CONSTRAINT fk_stock_close_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
);
INSERT INTO "stock_close" VALUES(47,'2024-02-01T01:01:00.000000Z',0);
CREATE TABLE stock_count (
    event_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    began_at VARCHAR(27) NOT NULL,
    CONSTRAINT pk_stock_count PRIMARY KEY (event_id),
    CONSTRAINT fk_stock_count_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_stock_count_class_id FOREIGN KEY(class_id) REFERENCES ballot_class (id)
);
INSERT INTO "stock_count" VALUES(40,1,38,'2024-02-01T01:40:00.000000Z');
INSERT INTO "stock_count" VALUES(43,2,42,'2024-02-01T01:43:00.000000Z');
CREATE TABLE stock_event (
    id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    happened_at VARCHAR(27) NOT NULL,
    recorded_at VARCHAR(27) NOT NULL,
    person_id INTEGER NOT NULL,
    second_id INTEGER,
    reason VARCHAR(400) DEFAULT '' NOT NULL,
    reverses_id INTEGER,
    holds_from INTEGER,
    "key" VARCHAR(80) NOT NULL,
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
    CONSTRAINT uq_stock_event_key UNIQUE ("key")
);
INSERT INTO "stock_event" VALUES(1,1,'voters','2024-02-01T01:01:00.000000Z','2024-02-01T01:01:00.000000Z',1,NULL,'',NULL,NULL,'depot-2');
INSERT INTO "stock_event" VALUES(2,1,'need','2024-02-01T01:02:00.000000Z','2024-02-01T01:02:00.000000Z',1,NULL,'',NULL,NULL,'depot-4');
INSERT INTO "stock_event" VALUES(3,1,'print_order','2024-02-01T01:03:00.000000Z','2024-02-01T01:03:00.000000Z',1,NULL,'',NULL,NULL,'depot-6');
INSERT INTO "stock_event" VALUES(4,1,'delivery','2024-02-01T01:04:00.000000Z','2024-02-01T01:04:00.000000Z',1,NULL,'',NULL,NULL,'depot-8');
INSERT INTO "stock_event" VALUES(5,1,'sorting','2024-02-01T01:05:00.000000Z','2024-02-01T01:05:00.000000Z',1,NULL,'',NULL,NULL,'depot-10');
INSERT INTO "stock_event" VALUES(6,1,'sorting','2024-02-01T01:06:00.000000Z','2024-02-01T01:06:00.000000Z',1,NULL,'',NULL,NULL,'depot-12');
INSERT INTO "stock_event" VALUES(7,1,'inspection','2024-02-01T01:07:00.000000Z','2024-02-01T01:07:00.000000Z',1,NULL,'',NULL,NULL,'depot-14');
INSERT INTO "stock_event" VALUES(8,1,'reprint_request','2024-02-01T01:08:00.000000Z','2024-02-01T01:08:00.000000Z',1,NULL,'',NULL,NULL,'depot-16');
INSERT INTO "stock_event" VALUES(9,1,'reprint_receipt','2024-02-01T01:09:00.000000Z','2024-02-01T01:09:00.000000Z',1,NULL,'',NULL,NULL,'depot-18');
INSERT INTO "stock_event" VALUES(10,1,'reprint_request','2024-02-01T01:10:00.000000Z','2024-02-01T01:10:00.000000Z',1,NULL,'',NULL,NULL,'depot-20');
INSERT INTO "stock_event" VALUES(11,1,'adjustment','2024-02-01T01:11:00.000000Z','2024-02-01T01:11:00.000000Z',1,2,'as it should be',NULL,NULL,'depot-22');
INSERT INTO "stock_event" VALUES(12,1,'destruction','2024-02-01T01:12:00.000000Z','2024-02-01T01:12:00.000000Z',1,2,'as it should be',NULL,NULL,'depot-24');
INSERT INTO "stock_event" VALUES(13,1,'placement','2024-02-01T01:13:00.000000Z','2024-02-01T01:13:00.000000Z',1,NULL,'',NULL,NULL,'depot-26');
INSERT INTO "stock_event" VALUES(14,1,'repack','2024-02-01T01:14:00.000000Z','2024-02-01T01:14:00.000000Z',1,NULL,'',NULL,NULL,'depot-27');
INSERT INTO "stock_event" VALUES(15,1,'placement','2024-02-01T01:15:00.000000Z','2024-02-01T01:15:00.000000Z',1,NULL,'',NULL,NULL,'depot-29');
INSERT INTO "stock_event" VALUES(16,1,'repack','2024-02-01T01:16:00.000000Z','2024-02-01T01:16:00.000000Z',1,NULL,'',NULL,NULL,'depot-30');
INSERT INTO "stock_event" VALUES(17,1,'placement','2024-02-01T01:17:00.000000Z','2024-02-01T01:17:00.000000Z',1,NULL,'',NULL,NULL,'depot-32');
INSERT INTO "stock_event" VALUES(18,1,'repack','2024-02-01T01:18:00.000000Z','2024-02-01T01:18:00.000000Z',1,NULL,'',NULL,NULL,'depot-33');
INSERT INTO "stock_event" VALUES(19,1,'placement','2024-02-01T01:19:00.000000Z','2024-02-01T01:19:00.000000Z',1,NULL,'',NULL,NULL,'depot-35');
INSERT INTO "stock_event" VALUES(20,1,'repack','2024-02-01T01:20:00.000000Z','2024-02-01T01:20:00.000000Z',1,NULL,'',NULL,NULL,'depot-36');
INSERT INTO "stock_event" VALUES(21,1,'placement','2024-02-01T01:21:00.000000Z','2024-02-01T01:21:00.000000Z',1,NULL,'',NULL,NULL,'depot-38');
INSERT INTO "stock_event" VALUES(22,1,'repack','2024-02-01T01:22:00.000000Z','2024-02-01T01:22:00.000000Z',1,NULL,'',NULL,NULL,'depot-39');
INSERT INTO "stock_event" VALUES(23,1,'placement','2024-02-01T01:23:00.000000Z','2024-02-01T01:23:00.000000Z',1,NULL,'',NULL,NULL,'depot-41');
INSERT INTO "stock_event" VALUES(24,1,'repack','2024-02-01T01:24:00.000000Z','2024-02-01T01:24:00.000000Z',1,NULL,'',NULL,NULL,'depot-42');
INSERT INTO "stock_event" VALUES(25,1,'placement','2024-02-01T01:25:00.000000Z','2024-02-01T01:25:00.000000Z',1,NULL,'',NULL,NULL,'depot-44');
INSERT INTO "stock_event" VALUES(26,1,'placement','2024-02-01T01:26:00.000000Z','2024-02-01T01:26:00.000000Z',1,NULL,'',NULL,NULL,'depot-45');
INSERT INTO "stock_event" VALUES(27,1,'repack','2024-02-01T01:27:00.000000Z','2024-02-01T01:27:00.000000Z',1,NULL,'',NULL,NULL,'depot-46');
INSERT INTO "stock_event" VALUES(28,1,'placement','2024-02-01T01:28:00.000000Z','2024-02-01T01:28:00.000000Z',1,NULL,'',NULL,NULL,'depot-47');
INSERT INTO "stock_event" VALUES(29,1,'sealing','2024-02-01T01:29:00.000000Z','2024-02-01T01:29:00.000000Z',1,NULL,'',NULL,NULL,'depot-50');
INSERT INTO "stock_event" VALUES(30,1,'sealing','2024-02-01T01:30:00.000000Z','2024-02-01T01:30:00.000000Z',1,NULL,'',NULL,NULL,'depot-53');
INSERT INTO "stock_event" VALUES(31,1,'sealing','2024-02-01T01:31:00.000000Z','2024-02-01T01:31:00.000000Z',1,NULL,'',NULL,NULL,'depot-56');
INSERT INTO "stock_event" VALUES(32,1,'sealing','2024-02-01T01:32:00.000000Z','2024-02-01T01:32:00.000000Z',1,NULL,'',NULL,NULL,'depot-59');
INSERT INTO "stock_event" VALUES(33,1,'sealing','2024-02-01T01:33:00.000000Z','2024-02-01T01:33:00.000000Z',1,NULL,'',NULL,NULL,'depot-62');
INSERT INTO "stock_event" VALUES(34,1,'opening','2024-02-01T01:34:00.000000Z','2024-02-01T01:34:00.000000Z',1,NULL,'',NULL,NULL,'depot-64');
INSERT INTO "stock_event" VALUES(35,1,'packing','2024-02-01T01:35:00.000000Z','2024-02-01T01:35:00.000000Z',1,NULL,'',NULL,NULL,'depot-67');
INSERT INTO "stock_event" VALUES(36,1,'packing','2024-02-01T01:36:00.000000Z','2024-02-01T01:36:00.000000Z',1,NULL,'',NULL,NULL,'depot-70');
INSERT INTO "stock_event" VALUES(37,1,'unpacking','2024-02-01T01:37:00.000000Z','2024-02-01T01:37:00.000000Z',1,NULL,'',NULL,NULL,'depot-72');
INSERT INTO "stock_event" VALUES(38,1,'dispatch','2024-02-01T01:38:00.000000Z','2024-02-01T01:38:00.000000Z',1,NULL,'',NULL,NULL,'depot-75');
INSERT INTO "stock_event" VALUES(39,2,'arrival','2024-02-01T01:39:00.000000Z','2024-02-01T01:39:00.000000Z',1,NULL,'',NULL,NULL,'depot-77');
INSERT INTO "stock_event" VALUES(40,1,'count','2024-02-01T01:40:00.000000Z','2024-02-01T01:40:00.000000Z',1,NULL,'',NULL,NULL,'depot-79');
INSERT INTO "stock_event" VALUES(41,1,'count_sheet','2024-02-01T01:41:00.000000Z','2024-02-01T01:41:00.000000Z',1,NULL,'',NULL,NULL,'depot-81');
INSERT INTO "stock_event" VALUES(42,1,'count_sheet','2024-02-01T01:42:00.000000Z','2024-02-01T01:42:00.000000Z',2,NULL,'',NULL,NULL,'depot-83');
INSERT INTO "stock_event" VALUES(43,1,'count','2024-02-01T01:43:00.000000Z','2024-02-01T01:43:00.000000Z',1,NULL,'',NULL,NULL,'depot-85');
INSERT INTO "stock_event" VALUES(44,1,'count_sheet','2024-02-01T01:44:00.000000Z','2024-02-01T01:44:00.000000Z',1,NULL,'',NULL,NULL,'depot-87');
INSERT INTO "stock_event" VALUES(45,1,'count_sheet','2024-02-01T01:45:00.000000Z','2024-02-01T01:45:00.000000Z',2,NULL,'',NULL,NULL,'depot-89');
INSERT INTO "stock_event" VALUES(46,1,'count_acceptance','2024-02-01T01:46:00.000000Z','2024-02-01T01:46:00.000000Z',4,NULL,'',NULL,38,'depot-91');
INSERT INTO "stock_event" VALUES(47,1,'close','2024-02-01T01:47:00.000000Z','2024-02-01T01:47:00.000000Z',1,2,'as it should be',NULL,NULL,'depot-93');
CREATE TABLE unpacking (
    event_id INTEGER NOT NULL,
    packing_id INTEGER NOT NULL,
    CONSTRAINT pk_unpacking PRIMARY KEY (event_id),
    CONSTRAINT fk_unpacking_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT uq_unpacking_packing_id UNIQUE (packing_id),
    CONSTRAINT fk_unpacking_packing_id FOREIGN KEY(packing_id) REFERENCES packing (event_id)
);
INSERT INTO "unpacking" VALUES(37,36);
CREATE TABLE voters_roll (
    event_id INTEGER NOT NULL,
    election VARCHAR(40) NOT NULL,
    stations INTEGER NOT NULL,
    voters BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    CONSTRAINT pk_voters_roll PRIMARY KEY (event_id),
    CONSTRAINT fk_voters_roll_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id),
    CONSTRAINT fk_voters_roll_election FOREIGN KEY(election) REFERENCES election (name)
);
INSERT INTO "voters_roll" VALUES(1,'Pemilu 2024',4,895,'acf0acd4cf9f224e4b4058e7ba5800f31f7f0db776cd8a7625452f152584b4e1');
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
INSERT INTO "watch_box" VALUES(1,1,'2024-02-06T13:01:10.400000Z',0.1,0.2,0.3,0.4);
INSERT INTO "watch_box" VALUES(2,1,'2024-02-06T13:01:12.000000Z',0.1,0.2,0.3,0.4);
CREATE TABLE "watch_event" (
	id INTEGER NOT NULL, 
	camera_id INTEGER, 
	kind VARCHAR(20) NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27), 
	arrived_at VARCHAR(27) NOT NULL, 
	peak_pct FLOAT NOT NULL, 
	verdict VARCHAR(12) NOT NULL, 
	alarm_id INTEGER, 
	person_pct FLOAT, 
	CONSTRAINT pk_watch_event PRIMARY KEY (id), 
	CONSTRAINT fk_watch_event_camera_id FOREIGN KEY(camera_id) REFERENCES camera (id), 
	CONSTRAINT fk_watch_event_alarm_id FOREIGN KEY(alarm_id) REFERENCES alarm (id), 
	CONSTRAINT ck_watch_event_alarm CHECK ((verdict = 'after_hours') = (alarm_id IS NOT NULL)), 
	CONSTRAINT ck_watch_event_verdict CHECK (verdict IN ('in_hours', 'after_hours')), 
	CONSTRAINT ck_watch_event_order CHECK (ended_at IS NULL OR ended_at >= started_at)
);
INSERT INTO "watch_event" VALUES(1,1,'motion','2024-02-06T13:01:10.000000Z','2024-02-06T13:01:14.000000Z','2024-02-06T13:01:10.400000Z',8.0,'after_hours',1,NULL);
INSERT INTO "watch_event" VALUES(2,NULL,'clock_jump','2024-02-06T13:04:00.000000Z','2024-02-06T13:04:00.000000Z','2024-02-06T13:04:00.000000Z',0.0,'after_hours',2,NULL);
CREATE TABLE watch_zone (
	id INTEGER NOT NULL, 
	view_id INTEGER NOT NULL, 
	kind VARCHAR(4) NOT NULL, 
	polygon TEXT NOT NULL, 
	least_far_pct FLOAT NOT NULL, 
	least_near_pct FLOAT NOT NULL, 
	CONSTRAINT pk_watch_zone PRIMARY KEY (id), 
	CONSTRAINT ck_watch_zone_kind CHECK (kind IN ('zone', 'mask')), 
	CONSTRAINT ck_watch_zone_least CHECK (least_far_pct BETWEEN 0 AND 100 AND least_near_pct BETWEEN 0 AND 100), 
	CONSTRAINT fk_watch_zone_view_id FOREIGN KEY(view_id) REFERENCES camera_view (id)
);
CREATE TABLE witness (
    event_id INTEGER NOT NULL,
    name VARCHAR(80) NOT NULL,
    institution VARCHAR(12) NOT NULL,
    CONSTRAINT pk_witness PRIMARY KEY (event_id, name),
    CONSTRAINT ck_witness_name CHECK (name <> ''),
    CONSTRAINT ck_witness_institution CHECK (institution IN ('bawaslu', 'polri', 'tni', 'kpu', 'party', 'public')),
    CONSTRAINT fk_witness_event_id FOREIGN KEY(event_id) REFERENCES stock_event (id)
)
 WITHOUT ROWID;
INSERT INTO "witness" VALUES(12,'Dewi Lestari','bawaslu');
INSERT INTO "witness" VALUES(12,'Iptu Wahyu','polri');
INSERT INTO "witness" VALUES(34,'Dewi Lestari','bawaslu');
INSERT INTO "witness" VALUES(34,'Iptu Wahyu','polri');
CREATE INDEX ix_gap_camera_id_started_at ON gap (camera_id, started_at);
CREATE UNIQUE INDEX uq_gap_open ON gap (camera_id) WHERE ended_at IS NULL;
CREATE INDEX ix_alarm_step_alarm_id ON alarm_step (alarm_id);
CREATE INDEX ix_watch_box_event_id ON watch_box (event_id);
CREATE TRIGGER alarm_step_no_update BEFORE UPDATE ON alarm_step BEGIN SELECT RAISE(ABORT, 'alarm_step is append-only'); END;
CREATE TRIGGER alarm_step_no_delete BEFORE DELETE ON alarm_step BEGIN SELECT RAISE(ABORT, 'alarm_step is append-only'); END;
CREATE TRIGGER alarm_step_no_replace BEFORE INSERT ON alarm_step WHEN EXISTS (SELECT 1 FROM alarm_step WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'alarm_step is append-only'); END;
CREATE INDEX ix_site_region_code ON site (region_code);
CREATE INDEX ix_region_parent_code ON region (parent_code);
CREATE INDEX ix_class_area_region_code ON class_area (region_code);
CREATE INDEX ix_stock_event_site_id_kind ON stock_event (site_id, kind);
CREATE INDEX ix_container_event_id ON container (event_id);
CREATE INDEX ix_need_line_class_id ON need_line (class_id);
CREATE INDEX ix_reprint_request_class_id ON reprint_request (class_id);
CREATE INDEX ix_consignment_end_consignment_id ON consignment_end (consignment_id);
CREATE INDEX ix_count_sheet_count_id ON count_sheet (count_id);
CREATE INDEX ix_delivery_note_number ON delivery (note_number);
CREATE INDEX ix_movement_event_id ON movement (event_id);
CREATE INDEX ix_movement_from ON movement (from_site_id, class_id, from_state, event_id, quantity);
CREATE INDEX ix_movement_from_container ON movement (from_container_id) WHERE from_container_id IS NOT NULL;
CREATE INDEX ix_movement_to ON movement (to_site_id, class_id, to_state, event_id, quantity);
CREATE INDEX ix_movement_to_container ON movement (to_container_id) WHERE to_container_id IS NOT NULL;
CREATE INDEX ix_packing_container_id ON packing (container_id);
CREATE INDEX ix_packing_station_id_class_id ON packing (station_id, class_id);
CREATE INDEX ix_placement_container_id ON placement (container_id, event_id);
CREATE INDEX ix_placement_parent_id ON placement (parent_id);
CREATE INDEX ix_polling_station_event_id ON polling_station (event_id);
CREATE INDEX ix_reprint_receipt_request_id ON reprint_receipt (request_id);
CREATE INDEX ix_seal_container_id ON seal (container_id);
CREATE INDEX ix_seal_event_id ON seal (event_id);
CREATE INDEX ix_count_acceptance_count_id ON count_acceptance (count_id);
CREATE INDEX ix_delivery_line_class_id ON delivery_line (class_id);
CREATE INDEX ix_seal_break_event_id ON seal_break (event_id);
CREATE TRIGGER movement_sealed BEFORE INSERT ON movement WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;
CREATE TRIGGER voters_roll_sealed BEFORE INSERT ON voters_roll WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'voters_roll is append-only'); END;
CREATE TRIGGER voters_roll_kind BEFORE INSERT ON voters_roll WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('voters')
BEGIN SELECT RAISE(ABORT, 'a row of voters_roll belongs to another kind of event'); END;
CREATE TRIGGER polling_station_sealed BEFORE INSERT ON polling_station WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'polling_station is append-only'); END;
CREATE TRIGGER polling_station_kind BEFORE INSERT ON polling_station WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('voters')
BEGIN SELECT RAISE(ABORT, 'a row of polling_station belongs to another kind of event'); END;
CREATE TRIGGER need_line_sealed BEFORE INSERT ON need_line WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'need_line is append-only'); END;
CREATE TRIGGER need_line_kind BEFORE INSERT ON need_line WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('need')
BEGIN SELECT RAISE(ABORT, 'a row of need_line belongs to another kind of event'); END;
CREATE TRIGGER print_order_sealed BEFORE INSERT ON print_order WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'print_order is append-only'); END;
CREATE TRIGGER print_order_kind BEFORE INSERT ON print_order WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('print_order')
BEGIN SELECT RAISE(ABORT, 'a row of print_order belongs to another kind of event'); END;
CREATE TRIGGER print_order_line_sealed BEFORE INSERT ON print_order_line WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'print_order_line is append-only'); END;
CREATE TRIGGER print_order_line_kind BEFORE INSERT ON print_order_line WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('print_order')
BEGIN SELECT RAISE(ABORT, 'a row of print_order_line belongs to another kind of event'); END;
CREATE TRIGGER delivery_sealed BEFORE INSERT ON delivery WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_kind BEFORE INSERT ON delivery WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('delivery')
BEGIN SELECT RAISE(ABORT, 'a row of delivery belongs to another kind of event'); END;
CREATE TRIGGER delivery_line_sealed BEFORE INSERT ON delivery_line WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'delivery_line is append-only'); END;
CREATE TRIGGER delivery_line_kind BEFORE INSERT ON delivery_line WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('delivery')
BEGIN SELECT RAISE(ABORT, 'a row of delivery_line belongs to another kind of event'); END;
CREATE TRIGGER sorting_run_sealed BEFORE INSERT ON sorting_run WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'sorting_run is append-only'); END;
CREATE TRIGGER sorting_run_kind BEFORE INSERT ON sorting_run WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('sorting')
BEGIN SELECT RAISE(ABORT, 'a row of sorting_run belongs to another kind of event'); END;
CREATE TRIGGER damage_line_sealed BEFORE INSERT ON damage_line WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'damage_line is append-only'); END;
CREATE TRIGGER damage_line_kind BEFORE INSERT ON damage_line WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('sorting', 'inspection')
BEGIN SELECT RAISE(ABORT, 'a row of damage_line belongs to another kind of event'); END;
CREATE TRIGGER reprint_request_sealed BEFORE INSERT ON reprint_request WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'reprint_request is append-only'); END;
CREATE TRIGGER reprint_request_kind BEFORE INSERT ON reprint_request WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('reprint_request')
BEGIN SELECT RAISE(ABORT, 'a row of reprint_request belongs to another kind of event'); END;
CREATE TRIGGER reprint_receipt_sealed BEFORE INSERT ON reprint_receipt WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'reprint_receipt is append-only'); END;
CREATE TRIGGER reprint_receipt_kind BEFORE INSERT ON reprint_receipt WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('reprint_receipt')
BEGIN SELECT RAISE(ABORT, 'a row of reprint_receipt belongs to another kind of event'); END;
CREATE TRIGGER stock_count_sealed BEFORE INSERT ON stock_count WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_kind BEFORE INSERT ON stock_count WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('count')
BEGIN SELECT RAISE(ABORT, 'a row of stock_count belongs to another kind of event'); END;
CREATE TRIGGER count_sheet_sealed BEFORE INSERT ON count_sheet WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'count_sheet is append-only'); END;
CREATE TRIGGER count_sheet_kind BEFORE INSERT ON count_sheet WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('count_sheet')
BEGIN SELECT RAISE(ABORT, 'a row of count_sheet belongs to another kind of event'); END;
CREATE TRIGGER count_acceptance_sealed BEFORE INSERT ON count_acceptance WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'count_acceptance is append-only'); END;
CREATE TRIGGER count_acceptance_kind BEFORE INSERT ON count_acceptance WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('count_acceptance')
BEGIN SELECT RAISE(ABORT, 'a row of count_acceptance belongs to another kind of event'); END;
CREATE TRIGGER minutes_sealed BEFORE INSERT ON minutes WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'minutes is append-only'); END;
CREATE TRIGGER minutes_kind BEFORE INSERT ON minutes WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening', 'loss', 'adjustment', 'destruction', 'close')
BEGIN SELECT RAISE(ABORT, 'a row of minutes belongs to another kind of event'); END;
CREATE TRIGGER witness_sealed BEFORE INSERT ON witness WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'witness is append-only'); END;
CREATE TRIGGER witness_kind BEFORE INSERT ON witness WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening', 'loss', 'adjustment', 'destruction', 'close')
BEGIN SELECT RAISE(ABORT, 'a row of witness belongs to another kind of event'); END;
CREATE TRIGGER stock_close_sealed BEFORE INSERT ON stock_close WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'stock_close is append-only'); END;
CREATE TRIGGER stock_close_kind BEFORE INSERT ON stock_close WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('close')
BEGIN SELECT RAISE(ABORT, 'a row of stock_close belongs to another kind of event'); END;
CREATE TRIGGER container_sealed BEFORE INSERT ON container WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'container is append-only'); END;
CREATE TRIGGER container_kind BEFORE INSERT ON container WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('placement', 'packing')
BEGIN SELECT RAISE(ABORT, 'a row of container belongs to another kind of event'); END;
CREATE TRIGGER placement_sealed BEFORE INSERT ON placement WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'placement is append-only'); END;
CREATE TRIGGER placement_kind BEFORE INSERT ON placement WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('placement', 'packing')
BEGIN SELECT RAISE(ABORT, 'a row of placement belongs to another kind of event'); END;
CREATE TRIGGER seal_sealed BEFORE INSERT ON seal WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER seal_kind BEFORE INSERT ON seal WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('sealing', 'packing')
BEGIN SELECT RAISE(ABORT, 'a row of seal belongs to another kind of event'); END;
CREATE TRIGGER seal_break_sealed BEFORE INSERT ON seal_break WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'seal_break is append-only'); END;
CREATE TRIGGER seal_break_kind BEFORE INSERT ON seal_break WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('opening')
BEGIN SELECT RAISE(ABORT, 'a row of seal_break belongs to another kind of event'); END;
CREATE TRIGGER packing_sealed BEFORE INSERT ON packing WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'packing is append-only'); END;
CREATE TRIGGER packing_kind BEFORE INSERT ON packing WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('packing')
BEGIN SELECT RAISE(ABORT, 'a row of packing belongs to another kind of event'); END;
CREATE TRIGGER unpacking_sealed BEFORE INSERT ON unpacking WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'unpacking is append-only'); END;
CREATE TRIGGER unpacking_kind BEFORE INSERT ON unpacking WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('unpacking')
BEGIN SELECT RAISE(ABORT, 'a row of unpacking belongs to another kind of event'); END;
CREATE TRIGGER consignment_sealed BEFORE INSERT ON consignment WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'consignment is append-only'); END;
CREATE TRIGGER consignment_kind BEFORE INSERT ON consignment WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('dispatch')
BEGIN SELECT RAISE(ABORT, 'a row of consignment belongs to another kind of event'); END;
CREATE TRIGGER consignment_end_sealed BEFORE INSERT ON consignment_end WHEN EXISTS (SELECT 1 FROM chain_link l WHERE l.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'consignment_end is append-only'); END;
CREATE TRIGGER consignment_end_kind BEFORE INSERT ON consignment_end WHEN COALESCE((SELECT e.kind FROM stock_event e WHERE e.id = NEW.event_id), '') NOT IN ('arrival', 'return', 'loss')
BEGIN SELECT RAISE(ABORT, 'a row of consignment_end belongs to another kind of event'); END;
CREATE TRIGGER voters_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'voters' AND (NOT EXISTS (SELECT 1 FROM voters_roll f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'voters lacks its facts'); END;
CREATE TRIGGER need_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'need' AND (NOT EXISTS (SELECT 1 FROM need_line f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'need lacks its facts'); END;
CREATE TRIGGER print_order_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'print_order' AND (NOT EXISTS (SELECT 1 FROM print_order f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM print_order_line f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'print_order lacks its facts'); END;
CREATE TRIGGER delivery_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'delivery' AND (NOT EXISTS (SELECT 1 FROM delivery f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM delivery_line f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'delivery lacks its facts'); END;
CREATE TRIGGER inspection_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'inspection' AND (NOT EXISTS (SELECT 1 FROM damage_line f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'inspection lacks its facts'); END;
CREATE TRIGGER reprint_request_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'reprint_request' AND (NOT EXISTS (SELECT 1 FROM reprint_request f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'reprint_request lacks its facts'); END;
CREATE TRIGGER reprint_receipt_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'reprint_receipt' AND (NOT EXISTS (SELECT 1 FROM reprint_receipt f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'reprint_receipt lacks its facts'); END;
CREATE TRIGGER placement_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'placement' AND (NOT EXISTS (SELECT 1 FROM placement f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'placement lacks its facts'); END;
CREATE TRIGGER sealing_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'sealing' AND (NOT EXISTS (SELECT 1 FROM seal f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'sealing lacks its facts'); END;
CREATE TRIGGER opening_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'opening' AND (NOT EXISTS (SELECT 1 FROM seal_break f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM witness f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'opening lacks its facts'); END;
CREATE TRIGGER packing_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'packing' AND (NOT EXISTS (SELECT 1 FROM packing f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'packing lacks its facts'); END;
CREATE TRIGGER unpacking_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'unpacking' AND (NOT EXISTS (SELECT 1 FROM unpacking f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'unpacking lacks its facts'); END;
CREATE TRIGGER dispatch_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'dispatch' AND (NOT EXISTS (SELECT 1 FROM consignment f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'dispatch lacks its facts'); END;
CREATE TRIGGER arrival_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'arrival' AND (NOT EXISTS (SELECT 1 FROM consignment_end f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'arrival lacks its facts'); END;
CREATE TRIGGER return_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'return' AND (NOT EXISTS (SELECT 1 FROM consignment_end f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'return lacks its facts'); END;
CREATE TRIGGER loss_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'loss' AND (NOT EXISTS (SELECT 1 FROM consignment_end f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM minutes f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'loss lacks its facts'); END;
CREATE TRIGGER count_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'count' AND (NOT EXISTS (SELECT 1 FROM stock_count f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'count lacks its facts'); END;
CREATE TRIGGER count_sheet_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_sheet' AND (NOT EXISTS (SELECT 1 FROM count_sheet f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'count_sheet lacks its facts'); END;
CREATE TRIGGER count_acceptance_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND (NOT EXISTS (SELECT 1 FROM count_acceptance f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'count_acceptance lacks its facts'); END;
CREATE TRIGGER adjustment_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'adjustment' AND (NOT EXISTS (SELECT 1 FROM minutes f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'adjustment lacks its facts'); END;
CREATE TRIGGER destruction_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'destruction' AND (NOT EXISTS (SELECT 1 FROM minutes f WHERE f.event_id = NEW.event_id) OR NOT EXISTS (SELECT 1 FROM witness f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'destruction lacks its facts'); END;
CREATE TRIGGER close_facts BEFORE INSERT ON chain_link WHEN NEW.kind = 'close' AND (NOT EXISTS (SELECT 1 FROM stock_close f WHERE f.event_id = NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'close lacks its facts'); END;
CREATE TRIGGER link_follows BEFORE INSERT ON chain_link WHEN NEW.number <> 1 AND NOT EXISTS (SELECT 1 FROM chain_link l WHERE l.site_id = NEW.site_id AND l.number = NEW.number - 1 AND l.event_id < NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'a link follows the last of its site'); END;
CREATE TRIGGER link_event BEFORE INSERT ON chain_link WHEN NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.site_id = NEW.site_id AND e.kind = NEW.kind)
BEGIN SELECT RAISE(ABORT, 'a link belongs to an event of its site and kind'); END;
CREATE TRIGGER event_moves BEFORE INSERT ON chain_link WHEN NEW.kind IN ('sorting', 'inspection', 'repack', 'surplus', 'dispatch', 'arrival', 'return', 'loss', 'adjustment', 'destruction') AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'this kind of event moves sheets'); END;
CREATE TRIGGER movement_legal BEFORE INSERT ON movement WHEN NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND (e.kind = 'reversal' OR (NEW.to_site_id = e.site_id AND (NEW.from_site_id = e.site_id OR e.kind = 'arrival') AND EXISTS (SELECT 1 FROM legal_move l WHERE l.kind = e.kind AND l.from_state = NEW.from_state AND l.to_state = NEW.to_state))))
BEGIN SELECT RAISE(ABORT, 'this kind of event does not move sheets so'); END;
CREATE TRIGGER reversal_opposite BEFORE INSERT ON chain_link WHEN NEW.kind = 'reversal' AND EXISTS (SELECT 1 FROM (SELECT m.class_id, m.from_site_id AS site_id, m.from_state AS state, COALESCE(m.from_container_id, 0) AS container_id, -m.quantity AS quantity FROM movement m WHERE m.event_id IN (NEW.event_id, (SELECT e.reverses_id FROM stock_event e WHERE e.id = NEW.event_id)) UNION ALL SELECT m.class_id, m.to_site_id, m.to_state, COALESCE(m.to_container_id, 0), m.quantity FROM movement m WHERE m.event_id IN (NEW.event_id, (SELECT e.reverses_id FROM stock_event e WHERE e.id = NEW.event_id))) b GROUP BY b.class_id, b.site_id, b.state, b.container_id HAVING sum(b.quantity) <> 0)
BEGIN SELECT RAISE(ABORT, 'a reversal moves the opposite of what it reverses'); END;
CREATE TRIGGER event_closed BEFORE INSERT ON stock_event WHEN NEW.happened_at < (SELECT max(c.closed_until) FROM stock_event e JOIN stock_close c ON c.event_id = e.id WHERE e.site_id = NEW.site_id AND e.kind = 'close' AND e.id < NEW.id) OR (NEW.reverses_id IS NOT NULL AND (SELECT e.happened_at FROM stock_event e WHERE e.id = NEW.reverses_id) < (SELECT max(c.closed_until) FROM stock_event e JOIN stock_close c ON c.event_id = e.id WHERE e.site_id = NEW.site_id AND e.kind = 'close' AND e.id < NEW.id))
BEGIN SELECT RAISE(ABORT, 'the books are closed for that time'); END;
CREATE TRIGGER event_backdated BEFORE INSERT ON stock_event WHEN (NEW.second_id IS NULL OR NEW.reason = '') AND julianday(NEW.recorded_at) - julianday(NEW.happened_at) > 1.00000001
BEGIN SELECT RAISE(ABORT, 'what is entered more than a day late needs a reason and a second person'); END;
CREATE TRIGGER event_rights BEFORE INSERT ON stock_event WHEN EXISTS (SELECT 1 FROM person p WHERE p.id IN (NEW.person_id, NEW.second_id) AND p.role NOT IN ('officer', 'supervisor'))
BEGIN SELECT RAISE(ABORT, 'only officers and supervisors write in the books'); END;
CREATE TRIGGER close_clean BEFORE INSERT ON chain_link WHEN NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c WHERE c.event_id = NEW.event_id AND c.final = 1) AND EXISTS (SELECT 1 FROM (SELECT m.class_id, m.from_site_id AS site_id, m.from_state AS state, COALESCE(m.from_container_id, 0) AS container_id, -m.quantity AS quantity FROM movement m WHERE m.event_id < NEW.event_id AND (m.from_site_id = NEW.site_id OR m.to_site_id = NEW.site_id) UNION ALL SELECT m.class_id, m.to_site_id, m.to_state, COALESCE(m.to_container_id, 0), m.quantity FROM movement m WHERE m.event_id < NEW.event_id AND (m.from_site_id = NEW.site_id OR m.to_site_id = NEW.site_id)) b JOIN ballot_class k ON k.id = b.class_id WHERE b.site_id = NEW.site_id AND k.purpose = 'regular' AND b.state IN ('unsorted', 'damaged', 'surplus') GROUP BY b.class_id, b.state HAVING sum(b.quantity) <> 0)
BEGIN SELECT RAISE(ABORT, 'by the day before polling unsorted, damaged and surplus sheets are gone, except for a re-vote'); END;
CREATE TRIGGER close_advances BEFORE INSERT ON stock_close WHEN EXISTS (SELECT 1 FROM stock_event n WHERE n.id = NEW.event_id AND (NEW.closed_until > n.recorded_at OR EXISTS (SELECT 1 FROM stock_close c JOIN stock_event e ON e.id = c.event_id WHERE e.site_id = n.site_id AND e.id < n.id AND c.closed_until >= NEW.closed_until)))
BEGIN SELECT RAISE(ABORT, 'a close reaches further than the one before it, and not into the future'); END;
CREATE TRIGGER roll_adds_up BEFORE INSERT ON chain_link WHEN NEW.kind = 'voters' AND EXISTS (SELECT 1 FROM voters_roll r WHERE r.event_id = NEW.event_id AND (r.stations <> (SELECT count(*) FROM polling_station s WHERE s.event_id = r.event_id) OR r.voters <> (SELECT COALESCE(sum(s.voters), 0) FROM polling_station s WHERE s.event_id = r.event_id) OR EXISTS (SELECT 1 FROM polling_station s WHERE s.event_id = r.event_id AND s.election <> r.election)))
BEGIN SELECT RAISE(ABORT, 'a roll of voters says how many stations and voters it has'); END;
CREATE TRIGGER delivery_adds_up BEFORE INSERT ON chain_link WHEN NEW.kind = 'delivery' AND (EXISTS (SELECT 1 FROM delivery_line d WHERE d.event_id = NEW.event_id AND (d.received <> COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = d.event_id AND m.class_id = d.class_id AND m.to_state = 'unsorted'), 0) OR CASE WHEN d.declared > d.received THEN d.declared - d.received ELSE 0 END <> COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = d.event_id AND m.class_id = d.class_id AND m.to_state = 'short_claim'), 0))) OR EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM delivery_line d WHERE d.event_id = m.event_id AND d.class_id = m.class_id)))
BEGIN SELECT RAISE(ABORT, 'declared is received and short less over'); END;
CREATE TRIGGER damage_adds_up BEFORE INSERT ON chain_link WHEN NEW.kind IN ('sorting', 'inspection') AND EXISTS (SELECT 1 FROM damage_line d WHERE d.event_id = NEW.event_id GROUP BY d.event_id, d.class_id HAVING sum(d.sheets) <> COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = d.event_id AND m.class_id = d.class_id AND m.to_state = 'damaged'), 0))
BEGIN SELECT RAISE(ABORT, 'the damage criteria add up to the damaged sheets'); END;
CREATE TRIGGER inspection_says_why BEFORE INSERT ON chain_link WHEN NEW.kind = 'inspection' AND EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM damage_line d WHERE d.event_id = m.event_id AND d.class_id = m.class_id))
BEGIN SELECT RAISE(ABORT, 'an inspection says for each class what is wrong with the damaged sheets'); END;
CREATE TRIGGER request_within_claims BEFORE INSERT ON chain_link WHEN NEW.kind = 'reprint_request' AND EXISTS (SELECT 1 FROM reprint_request r WHERE r.event_id = NEW.event_id AND ((r.for_damaged > 0 AND COALESCE((SELECT sum(q.for_damaged) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' AND m.to_state <> 'destroyed'), 0))) OR (r.for_short > 0 AND COALESCE((SELECT sum(q.for_short) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND d.class_id = r.class_id AND d.declared > d.received), 0))))
BEGIN SELECT RAISE(ABORT, 'reprints are requested for what is damaged or short only'); END;
CREATE TRIGGER request_unanswered BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM reprint_receipt r WHERE r.request_id = NEW.reverses_id AND r.event_id < NEW.id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = r.event_id AND u.id < NEW.id))
BEGIN SELECT RAISE(ABORT, 'reprinted sheets of this request have been received'); END;
CREATE TRIGGER sheet_of_count BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_sheet' AND NOT EXISTS (SELECT 1 FROM count_sheet f JOIN stock_event n ON n.id = f.event_id JOIN stock_event c ON c.id = f.count_id WHERE f.event_id = NEW.event_id AND c.site_id = NEW.site_id AND c.kind = 'count' AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = c.id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM count_sheet t JOIN stock_event w ON w.id = t.event_id WHERE t.count_id = f.count_id AND t.event_id < f.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND (t.team = f.team OR w.person_id = n.person_id)) AND (f.team < 3 OR EXISTS (SELECT 1 FROM count_sheet t JOIN count_sheet o ON o.count_id = t.count_id WHERE t.count_id = f.count_id AND t.team = 1 AND o.team = 2 AND t.event_id < f.event_id AND o.event_id < f.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id) AND NOT (t.unsorted = o.unsorted AND t.good = o.good AND t.damaged = o.damaged AND t.surplus = o.surplus AND t.packed = o.packed))))
BEGIN SELECT RAISE(ABORT, 'each team and person counts once, a third team only where two differ'); END;
CREATE TRIGGER acceptance_of_two BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND NOT EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.event_id = a.sheet_id JOIN stock_event c ON c.id = a.count_id WHERE a.event_id = NEW.event_id AND f.count_id = a.count_id AND c.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = c.id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = f.event_id AND u.id < NEW.event_id) AND EXISTS (SELECT 1 FROM count_sheet t WHERE t.count_id = f.count_id AND t.team <> f.team AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND t.unsorted = f.unsorted AND t.good = f.good AND t.damaged = f.damaged AND t.surplus = f.surplus AND t.packed = f.packed) AND NOT EXISTS (SELECT 1 FROM count_sheet t JOIN stock_event w ON w.id = t.event_id JOIN stock_event n ON n.id = NEW.event_id WHERE t.count_id = f.count_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = t.event_id AND u.id < NEW.event_id) AND w.person_id = n.person_id) AND NOT EXISTS (SELECT 1 FROM count_acceptance o WHERE o.count_id = a.count_id AND o.event_id < a.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)))
BEGIN SELECT RAISE(ABORT, 'a count is accepted once, after two equal sheets, by somebody who did not count'); END;
CREATE TRIGGER variance_at_position BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.event_id = a.sheet_id JOIN stock_count c ON c.event_id = a.count_id JOIN stock_event n ON n.id = a.event_id WHERE a.event_id = NEW.event_id AND (n.holds_from <> c.position OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'unsorted'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'unsorted'), 0)) <> f.unsorted - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'unsorted'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'unsorted'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'good'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'good'), 0)) <> f.good - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'good'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'good'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'damaged'), 0)) <> f.damaged - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'surplus'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'surplus'), 0)) <> f.surplus - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'surplus'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'surplus'), 0)) OR (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.to_state = 'packed'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = c.class_id AND m.from_state = 'packed'), 0)) <> f.packed - (COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.to_site_id = NEW.site_id AND m.to_state = 'packed'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m JOIN stock_event e ON e.id = m.event_id LEFT JOIN stock_event u ON u.id = e.reverses_id WHERE m.class_id = c.class_id AND m.event_id < NEW.event_id AND (COALESCE(e.holds_from, e.id) <= c.position OR COALESCE(u.happened_at, e.happened_at) < c.began_at) AND m.from_site_id = NEW.site_id AND m.from_state = 'packed'), 0)) OR EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> c.class_id)))
BEGIN SELECT RAISE(ABORT, 'the variance is that of the position at which the count began'); END;
CREATE TRIGGER count_not_built_on BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM count_acceptance a JOIN count_sheet f ON f.count_id = a.count_id WHERE (a.count_id = NEW.reverses_id OR f.event_id = NEW.reverses_id) AND a.event_id < NEW.id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = a.event_id AND u.id < NEW.id))
BEGIN SELECT RAISE(ABORT, 'this count has been accepted'); END;
CREATE TRIGGER destruction_witnessed BEFORE INSERT ON chain_link WHEN NEW.kind = 'destruction' AND (SELECT count(DISTINCT w.institution) FROM witness w WHERE w.event_id = NEW.event_id AND w.institution IN ('polri', 'bawaslu')) < 2
BEGIN SELECT RAISE(ABORT, 'a destruction is witnessed by Polri and Bawaslu'); END;
CREATE TRIGGER witness_not_actor BEFORE INSERT ON witness WHEN EXISTS (SELECT 1 FROM stock_event e JOIN person p ON p.id IN (e.person_id, e.second_id) WHERE e.id = NEW.event_id AND lower(p.name) = lower(NEW.name))
BEGIN SELECT RAISE(ABORT, 'a witness is somebody else than who acts'); END;
CREATE TRIGGER placement_fits BEFORE INSERT ON placement WHEN NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM container c JOIN container p ON p.id = NEW.parent_id WHERE c.id = NEW.container_id AND CASE c.kind WHEN 'carton' THEN 1 WHEN 'box' THEN 2 ELSE 3 END < CASE p.kind WHEN 'carton' THEN 1 WHEN 'box' THEN 2 ELSE 3 END)
BEGIN SELECT RAISE(ABORT, 'a container stands in a larger one, and none in itself'); END;
CREATE TRIGGER placement_unsealed BEFORE INSERT ON placement WHEN (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = NEW.parent_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.parent_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.parent_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))) OR (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = NEW.container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)))
BEGIN SELECT RAISE(ABORT, 'nothing is put into a sealed container or taken out of it'); END;
CREATE TRIGGER sealed_keeps BEFORE INSERT ON chain_link WHEN EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND COALESCE(m.from_container_id, 0) <> COALESCE(m.to_container_id, 0) AND ((EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.from_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))) OR (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.to_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.to_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.to_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)))))
BEGIN SELECT RAISE(ABORT, 'a sealed container neither gives nor takes'); END;
CREATE TRIGGER sealed_moves_whole BEFORE INSERT ON chain_link WHEN NEW.kind IN ('dispatch', 'arrival', 'return', 'loss', 'inspection', 'surplus', 'sorting', 'destruction', 'reversal') AND EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.from_container_id = m.to_container_id AND (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.from_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))) AND ((SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM (SELECT m.from_container_id AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = m.from_container_id AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) UNION ALL SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = m.from_container_id AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = d.container_id AND z.event_id > d.event_id)) i JOIN content t ON t.container_id = i.id WHERE t.quantity > 0) j) > 1 OR (SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM (SELECT (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) UNION ALL SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = d.container_id AND z.event_id > d.event_id)) i JOIN content t ON t.container_id = i.id WHERE t.quantity > 0) j) > 1 OR (SELECT count(*) FROM (SELECT DISTINCT t.site_id, t.state FROM (SELECT (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AS id UNION ALL SELECT a.container_id FROM placement a WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) UNION ALL SELECT d.container_id FROM placement d JOIN placement a ON a.container_id = d.parent_id WHERE a.parent_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = a.container_id AND z.event_id > a.event_id) AND NOT EXISTS (SELECT 1 FROM placement z WHERE z.container_id = d.container_id AND z.event_id > d.event_id)) i JOIN content t ON t.container_id = i.id WHERE t.quantity > 0) j) > 1))
BEGIN SELECT RAISE(ABORT, 'a sealed container moves whole'); END;
CREATE TRIGGER seal_break_of_seal BEFORE INSERT ON seal_break WHEN NOT EXISTS (SELECT 1 FROM seal s WHERE s.number = NEW.seal_number AND s.event_id < NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'a seal is broken where its container is'); END;
CREATE TRIGGER opening_witnessed BEFORE INSERT ON chain_link WHEN NEW.kind = 'opening' AND (SELECT count(*) FROM witness w WHERE w.event_id = NEW.event_id) < 2
BEGIN SELECT RAISE(ABORT, 'a seal is broken before two witnesses'); END;
CREATE TRIGGER packing_entitled BEFORE INSERT ON packing WHEN NOT EXISTS (SELECT 1 FROM ballot_class c JOIN election e ON e.name = c.election JOIN polling_station s ON s.election = c.election JOIN site t ON t.id = s.site_id JOIN class_area a ON a.class_id = c.id WHERE c.id = NEW.class_id AND s.site_id = NEW.station_id AND substr(t.region_code, 1, length(a.region_code)) = a.region_code AND NEW.entitled = s.voters + (s.voters * e.reserve_num + e.reserve_den - 1) / e.reserve_den)
BEGIN SELECT RAISE(ABORT, 'a station is entitled to its voters and the reserve, of the classes it votes on'); END;
CREATE TRIGGER packing_exact BEFORE INSERT ON packing WHEN NEW.sheets <> NEW.entitled AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND e.second_id IS NOT NULL AND e.reason <> '')
BEGIN SELECT RAISE(ABORT, 'another figure than the entitlement needs a reason and a second person'); END;
CREATE TRIGGER packing_once BEFORE INSERT ON packing WHEN EXISTS (SELECT 1 FROM packing p WHERE p.station_id = NEW.station_id AND p.class_id = NEW.class_id AND p.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = p.event_id AND u.id < NEW.event_id) AND NOT EXISTS (SELECT 1 FROM unpacking n WHERE n.packing_id = p.event_id AND n.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = n.event_id AND u.id < NEW.event_id)))
BEGIN SELECT RAISE(ABORT, 'this class has been packed for this station'); END;
CREATE TRIGGER packing_adds_up BEFORE INSERT ON chain_link WHEN NEW.kind = 'packing' AND (NOT EXISTS (SELECT 1 FROM packing p WHERE p.event_id = NEW.event_id AND p.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = p.class_id AND m.to_container_id = p.container_id)) OR EXISTS (SELECT 1 FROM packing p JOIN movement m ON m.event_id = p.event_id WHERE p.event_id = NEW.event_id AND (m.class_id <> p.class_id OR m.to_container_id IS NULL OR m.to_container_id <> p.container_id)))
BEGIN SELECT RAISE(ABORT, 'what is packed goes into the box of its station'); END;
CREATE TRIGGER packing_alone BEFORE INSERT ON chain_link WHEN NEW.kind = 'packing' AND EXISTS (SELECT 1 FROM packing p WHERE p.event_id = NEW.event_id AND p.sheets <> (SELECT sum(t.quantity) FROM content t WHERE t.container_id = p.container_id))
BEGIN SELECT RAISE(ABORT, 'the box of a station holds nothing else'); END;
CREATE TRIGGER unpacking_of_packing BEFORE INSERT ON chain_link WHEN NEW.kind = 'unpacking' AND NOT EXISTS (SELECT 1 FROM unpacking u JOIN packing p ON p.event_id = u.packing_id WHERE u.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = p.event_id AND u.id < NEW.event_id) AND p.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = p.class_id AND m.from_container_id = p.container_id))
BEGIN SELECT RAISE(ABORT, 'what is unpacked was packed, and all of it is'); END;
CREATE TRIGGER dispatch_sealed BEFORE INSERT ON chain_link WHEN NEW.kind = 'dispatch' AND (EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND (m.from_container_id IS NULL OR m.to_container_id IS NULL OR m.from_container_id <> m.to_container_id OR NOT (EXISTS (SELECT 1 FROM seal s WHERE s.container_id = m.from_container_id AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id)) OR EXISTS (SELECT 1 FROM seal s WHERE s.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = (SELECT p.parent_id FROM placement p WHERE p.container_id = m.from_container_id AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND p.event_id < NEW.event_id ORDER BY p.event_id DESC LIMIT 1) AND s.event_id < NEW.event_id AND NOT EXISTS (SELECT 1 FROM seal_break b WHERE b.seal_number = s.number AND b.event_id < NEW.event_id))))) OR EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id WHERE g.event_id = NEW.event_id AND g.to_site_id = NEW.site_id))
BEGIN SELECT RAISE(ABORT, 'sheets travel in sealed containers, to another site that is confirmed'); END;
CREATE TRIGGER dispatch_confirmed BEFORE INSERT ON consignment WHEN NOT EXISTS (SELECT 1 FROM site t WHERE t.id = NEW.to_site_id AND t.status = 'confirmed')
BEGIN SELECT RAISE(ABORT, 'nothing is sent to a site that is not confirmed'); END;
CREATE TRIGGER arrival_of_consignment BEFORE INSERT ON chain_link WHEN NEW.kind = 'arrival' AND NOT EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id WHERE x.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = g.event_id AND u.id < NEW.event_id) AND g.to_site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id AND m.from_site_id = o.site_id AND (CASE WHEN s.from_state = 'packed' THEN m.to_state IN ('packed', 'delivered') ELSE m.to_state = 'good' END))))
BEGIN SELECT RAISE(ABORT, 'what arrives was sent here'); END;
CREATE TRIGGER return_of_consignment BEFORE INSERT ON chain_link WHEN NEW.kind = 'return' AND NOT EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id WHERE x.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = g.event_id AND u.id < NEW.event_id) AND o.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id AND m.from_site_id = o.site_id AND m.to_state = s.from_state)))
BEGIN SELECT RAISE(ABORT, 'what comes back was sent from here'); END;
CREATE TRIGGER loss_of_consignment BEFORE INSERT ON chain_link WHEN NEW.kind = 'loss' AND NOT EXISTS (SELECT 1 FROM consignment_end x JOIN consignment g ON g.event_id = x.consignment_id JOIN stock_event o ON o.id = g.event_id WHERE x.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = g.event_id AND u.id < NEW.event_id) AND o.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND NOT EXISTS (SELECT 1 FROM movement s WHERE s.event_id = g.event_id AND s.class_id = m.class_id AND s.from_container_id = m.from_container_id AND m.to_container_id = m.from_container_id AND m.from_site_id = o.site_id AND m.to_state = 'lost')))
BEGIN SELECT RAISE(ABORT, 'what is lost was sent from here'); END;
CREATE TRIGGER consignment_open BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM consignment_end x WHERE x.consignment_id = NEW.reverses_id AND x.event_id < NEW.id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = x.event_id AND u.id < NEW.id))
BEGIN SELECT RAISE(ABORT, 'sheets of this consignment have arrived, come back or been lost'); END;
CREATE TRIGGER chain_link_no_update BEFORE UPDATE ON chain_link BEGIN SELECT RAISE(ABORT, 'chain_link is append-only'); END;
CREATE TRIGGER chain_link_no_delete BEFORE DELETE ON chain_link BEGIN SELECT RAISE(ABORT, 'chain_link is append-only'); END;
CREATE TRIGGER stock_event_no_update BEFORE UPDATE ON stock_event BEGIN SELECT RAISE(ABORT, 'stock_event is append-only'); END;
CREATE TRIGGER stock_event_no_delete BEFORE DELETE ON stock_event BEGIN SELECT RAISE(ABORT, 'stock_event is append-only'); END;
CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;
CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;
CREATE TRIGGER voters_roll_no_update BEFORE UPDATE ON voters_roll BEGIN SELECT RAISE(ABORT, 'voters_roll is append-only'); END;
CREATE TRIGGER voters_roll_no_delete BEFORE DELETE ON voters_roll BEGIN SELECT RAISE(ABORT, 'voters_roll is append-only'); END;
CREATE TRIGGER polling_station_no_update BEFORE UPDATE ON polling_station BEGIN SELECT RAISE(ABORT, 'polling_station is append-only'); END;
CREATE TRIGGER polling_station_no_delete BEFORE DELETE ON polling_station BEGIN SELECT RAISE(ABORT, 'polling_station is append-only'); END;
CREATE TRIGGER need_line_no_update BEFORE UPDATE ON need_line BEGIN SELECT RAISE(ABORT, 'need_line is append-only'); END;
CREATE TRIGGER need_line_no_delete BEFORE DELETE ON need_line BEGIN SELECT RAISE(ABORT, 'need_line is append-only'); END;
CREATE TRIGGER print_order_no_update BEFORE UPDATE ON print_order BEGIN SELECT RAISE(ABORT, 'print_order is append-only'); END;
CREATE TRIGGER print_order_no_delete BEFORE DELETE ON print_order BEGIN SELECT RAISE(ABORT, 'print_order is append-only'); END;
CREATE TRIGGER print_order_line_no_update BEFORE UPDATE ON print_order_line BEGIN SELECT RAISE(ABORT, 'print_order_line is append-only'); END;
CREATE TRIGGER print_order_line_no_delete BEFORE DELETE ON print_order_line BEGIN SELECT RAISE(ABORT, 'print_order_line is append-only'); END;
CREATE TRIGGER delivery_no_update BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_line_no_update BEFORE UPDATE ON delivery_line BEGIN SELECT RAISE(ABORT, 'delivery_line is append-only'); END;
CREATE TRIGGER delivery_line_no_delete BEFORE DELETE ON delivery_line BEGIN SELECT RAISE(ABORT, 'delivery_line is append-only'); END;
CREATE TRIGGER sorting_run_no_update BEFORE UPDATE ON sorting_run BEGIN SELECT RAISE(ABORT, 'sorting_run is append-only'); END;
CREATE TRIGGER sorting_run_no_delete BEFORE DELETE ON sorting_run BEGIN SELECT RAISE(ABORT, 'sorting_run is append-only'); END;
CREATE TRIGGER damage_line_no_update BEFORE UPDATE ON damage_line BEGIN SELECT RAISE(ABORT, 'damage_line is append-only'); END;
CREATE TRIGGER damage_line_no_delete BEFORE DELETE ON damage_line BEGIN SELECT RAISE(ABORT, 'damage_line is append-only'); END;
CREATE TRIGGER reprint_request_no_update BEFORE UPDATE ON reprint_request BEGIN SELECT RAISE(ABORT, 'reprint_request is append-only'); END;
CREATE TRIGGER reprint_request_no_delete BEFORE DELETE ON reprint_request BEGIN SELECT RAISE(ABORT, 'reprint_request is append-only'); END;
CREATE TRIGGER reprint_receipt_no_update BEFORE UPDATE ON reprint_receipt BEGIN SELECT RAISE(ABORT, 'reprint_receipt is append-only'); END;
CREATE TRIGGER reprint_receipt_no_delete BEFORE DELETE ON reprint_receipt BEGIN SELECT RAISE(ABORT, 'reprint_receipt is append-only'); END;
CREATE TRIGGER stock_count_no_update BEFORE UPDATE ON stock_count BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER count_sheet_no_update BEFORE UPDATE ON count_sheet BEGIN SELECT RAISE(ABORT, 'count_sheet is append-only'); END;
CREATE TRIGGER count_sheet_no_delete BEFORE DELETE ON count_sheet BEGIN SELECT RAISE(ABORT, 'count_sheet is append-only'); END;
CREATE TRIGGER count_acceptance_no_update BEFORE UPDATE ON count_acceptance BEGIN SELECT RAISE(ABORT, 'count_acceptance is append-only'); END;
CREATE TRIGGER count_acceptance_no_delete BEFORE DELETE ON count_acceptance BEGIN SELECT RAISE(ABORT, 'count_acceptance is append-only'); END;
CREATE TRIGGER minutes_no_update BEFORE UPDATE ON minutes BEGIN SELECT RAISE(ABORT, 'minutes is append-only'); END;
CREATE TRIGGER minutes_no_delete BEFORE DELETE ON minutes BEGIN SELECT RAISE(ABORT, 'minutes is append-only'); END;
CREATE TRIGGER witness_no_update BEFORE UPDATE ON witness BEGIN SELECT RAISE(ABORT, 'witness is append-only'); END;
CREATE TRIGGER witness_no_delete BEFORE DELETE ON witness BEGIN SELECT RAISE(ABORT, 'witness is append-only'); END;
CREATE TRIGGER stock_close_no_update BEFORE UPDATE ON stock_close BEGIN SELECT RAISE(ABORT, 'stock_close is append-only'); END;
CREATE TRIGGER stock_close_no_delete BEFORE DELETE ON stock_close BEGIN SELECT RAISE(ABORT, 'stock_close is append-only'); END;
CREATE TRIGGER container_no_update BEFORE UPDATE ON container BEGIN SELECT RAISE(ABORT, 'container is append-only'); END;
CREATE TRIGGER container_no_delete BEFORE DELETE ON container BEGIN SELECT RAISE(ABORT, 'container is append-only'); END;
CREATE TRIGGER placement_no_update BEFORE UPDATE ON placement BEGIN SELECT RAISE(ABORT, 'placement is append-only'); END;
CREATE TRIGGER placement_no_delete BEFORE DELETE ON placement BEGIN SELECT RAISE(ABORT, 'placement is append-only'); END;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER seal_break_no_update BEFORE UPDATE ON seal_break BEGIN SELECT RAISE(ABORT, 'seal_break is append-only'); END;
CREATE TRIGGER seal_break_no_delete BEFORE DELETE ON seal_break BEGIN SELECT RAISE(ABORT, 'seal_break is append-only'); END;
CREATE TRIGGER packing_no_update BEFORE UPDATE ON packing BEGIN SELECT RAISE(ABORT, 'packing is append-only'); END;
CREATE TRIGGER packing_no_delete BEFORE DELETE ON packing BEGIN SELECT RAISE(ABORT, 'packing is append-only'); END;
CREATE TRIGGER unpacking_no_update BEFORE UPDATE ON unpacking BEGIN SELECT RAISE(ABORT, 'unpacking is append-only'); END;
CREATE TRIGGER unpacking_no_delete BEFORE DELETE ON unpacking BEGIN SELECT RAISE(ABORT, 'unpacking is append-only'); END;
CREATE TRIGGER consignment_no_update BEFORE UPDATE ON consignment BEGIN SELECT RAISE(ABORT, 'consignment is append-only'); END;
CREATE TRIGGER consignment_no_delete BEFORE DELETE ON consignment BEGIN SELECT RAISE(ABORT, 'consignment is append-only'); END;
CREATE TRIGGER consignment_end_no_update BEFORE UPDATE ON consignment_end BEGIN SELECT RAISE(ABORT, 'consignment_end is append-only'); END;
CREATE TRIGGER consignment_end_no_delete BEFORE DELETE ON consignment_end BEGIN SELECT RAISE(ABORT, 'consignment_end is append-only'); END;
CREATE TRIGGER legal_move_no_update BEFORE UPDATE ON legal_move BEGIN SELECT RAISE(ABORT, 'legal_move is append-only'); END;
CREATE TRIGGER legal_move_no_delete BEFORE DELETE ON legal_move BEGIN SELECT RAISE(ABORT, 'legal_move is append-only'); END;
CREATE TRIGGER chain_link_no_replace BEFORE INSERT ON chain_link WHEN EXISTS (SELECT 1 FROM chain_link o WHERE o.event_id = NEW.event_id) OR EXISTS (SELECT 1 FROM chain_link o WHERE o.site_id = NEW.site_id AND o.number = NEW.number) BEGIN SELECT RAISE(ABORT, 'chain_link is append-only'); END;
CREATE TRIGGER stock_event_no_replace BEFORE INSERT ON stock_event WHEN EXISTS (SELECT 1 FROM stock_event o WHERE o.id = NEW.id) OR EXISTS (SELECT 1 FROM stock_event o WHERE o.key = NEW.key) OR EXISTS (SELECT 1 FROM stock_event o WHERE o.reverses_id = NEW.reverses_id) BEGIN SELECT RAISE(ABORT, 'stock_event is append-only'); END;
CREATE TRIGGER movement_no_replace BEFORE INSERT ON movement WHEN EXISTS (SELECT 1 FROM movement o WHERE o.id = NEW.id) BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;
CREATE TRIGGER container_no_replace BEFORE INSERT ON container WHEN EXISTS (SELECT 1 FROM container o WHERE o.id = NEW.id) OR EXISTS (SELECT 1 FROM container o WHERE o.code = NEW.code) BEGIN SELECT RAISE(ABORT, 'container is append-only'); END;
CREATE TRIGGER seal_no_replace BEFORE INSERT ON seal WHEN EXISTS (SELECT 1 FROM seal o WHERE o.number = NEW.number) BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER seal_break_no_replace BEFORE INSERT ON seal_break WHEN EXISTS (SELECT 1 FROM seal_break o WHERE o.seal_number = NEW.seal_number) BEGIN SELECT RAISE(ABORT, 'seal_break is append-only'); END;
CREATE TRIGGER unpacking_no_replace BEFORE INSERT ON unpacking WHEN EXISTS (SELECT 1 FROM unpacking o WHERE o.packing_id = NEW.packing_id) BEGIN SELECT RAISE(ABORT, 'unpacking is append-only'); END;
CREATE TRIGGER consignment_no_replace BEFORE INSERT ON consignment WHEN EXISTS (SELECT 1 FROM consignment o WHERE o.number = NEW.number) BEGIN SELECT RAISE(ABORT, 'consignment is append-only'); END;
CREATE TRIGGER polling_station_no_replace BEFORE INSERT ON polling_station WHEN EXISTS (SELECT 1 FROM polling_station o WHERE o.election = NEW.election AND o.site_id = NEW.site_id) BEGIN SELECT RAISE(ABORT, 'polling_station is append-only'); END;
CREATE TRIGGER balance_no_replace BEFORE INSERT ON balance WHEN EXISTS (SELECT 1 FROM balance o WHERE o.site_id = NEW.site_id AND o.class_id = NEW.class_id AND o.state = NEW.state) BEGIN SELECT RAISE(ABORT, 'balance is append-only'); END;
CREATE TRIGGER content_no_replace BEFORE INSERT ON content WHEN EXISTS (SELECT 1 FROM content o WHERE o.container_id = NEW.container_id AND o.class_id = NEW.class_id AND o.site_id = NEW.site_id AND o.state = NEW.state) BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;
CREATE TRIGGER legal_move_no_insert BEFORE INSERT ON legal_move BEGIN SELECT RAISE(ABORT, 'legal_move is append-only'); END;
CREATE TRIGGER balance_moved_only BEFORE UPDATE ON balance WHEN NOT (NEW.site_id = OLD.site_id AND NEW.class_id = OLD.class_id AND NEW.state = OLD.state AND NEW.movement_id > OLD.movement_id AND EXISTS (SELECT 1 FROM movement m WHERE m.id = NEW.movement_id AND m.class_id = NEW.class_id AND NEW.quantity - OLD.quantity = CASE WHEN m.to_site_id = NEW.site_id AND m.to_state = NEW.state THEN m.quantity ELSE 0 END - CASE WHEN m.from_site_id = NEW.site_id AND m.from_state = NEW.state THEN m.quantity ELSE 0 END)) BEGIN SELECT RAISE(ABORT, 'a balance follows the movements'); END;
CREATE TRIGGER balance_begins_empty BEFORE INSERT ON balance WHEN NEW.quantity <> 0 OR NEW.contained <> 0 OR NEW.movement_id <> 0 BEGIN SELECT RAISE(ABORT, 'a balance follows the movements'); END;
CREATE TRIGGER balance_no_delete BEFORE DELETE ON balance BEGIN SELECT RAISE(ABORT, 'a balance follows the movements'); END;
CREATE TRIGGER content_moved_only BEFORE UPDATE ON content WHEN NOT (NEW.container_id = OLD.container_id AND NEW.site_id = OLD.site_id AND NEW.class_id = OLD.class_id AND NEW.state = OLD.state AND NEW.movement_id > OLD.movement_id AND EXISTS (SELECT 1 FROM movement m WHERE m.id = NEW.movement_id AND m.class_id = NEW.class_id AND NEW.quantity - OLD.quantity = CASE WHEN m.to_site_id = NEW.site_id AND m.to_state = NEW.state AND m.to_container_id = NEW.container_id THEN m.quantity ELSE 0 END - CASE WHEN m.from_site_id = NEW.site_id AND m.from_state = NEW.state AND m.from_container_id = NEW.container_id THEN m.quantity ELSE 0 END)) BEGIN SELECT RAISE(ABORT, 'a content follows the movements'); END;
CREATE TRIGGER content_begins_empty BEFORE INSERT ON content WHEN NEW.quantity <> 0 OR NEW.movement_id <> 0 BEGIN SELECT RAISE(ABORT, 'a content follows the movements'); END;
CREATE TRIGGER content_no_delete BEFORE DELETE ON content BEGIN SELECT RAISE(ABORT, 'a content follows the movements'); END;
CREATE TRIGGER movement_moves AFTER INSERT ON movement BEGIN
INSERT INTO balance (site_id, class_id, state, quantity, contained, movement_id) SELECT NEW.from_site_id, NEW.class_id, NEW.from_state, 0, 0, 0 WHERE NEW.quantity > 0 AND NOT EXISTS (SELECT 1 FROM balance WHERE site_id = NEW.from_site_id AND class_id = NEW.class_id AND state = NEW.from_state);
INSERT INTO balance (site_id, class_id, state, quantity, contained, movement_id) SELECT NEW.to_site_id, NEW.class_id, NEW.to_state, 0, 0, 0 WHERE NEW.quantity > 0 AND NOT EXISTS (SELECT 1 FROM balance WHERE site_id = NEW.to_site_id AND class_id = NEW.class_id AND state = NEW.to_state);
UPDATE balance SET quantity = quantity - NEW.quantity + CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state THEN NEW.quantity ELSE 0 END, contained = contained - CASE WHEN NEW.from_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END + CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state AND NEW.to_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END, movement_id = NEW.id WHERE site_id = NEW.from_site_id AND class_id = NEW.class_id AND state = NEW.from_state;
UPDATE balance SET quantity = quantity + NEW.quantity - CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state THEN NEW.quantity ELSE 0 END, contained = contained + CASE WHEN NEW.to_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END - CASE WHEN NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state AND NEW.from_container_id IS NOT NULL THEN NEW.quantity ELSE 0 END, movement_id = NEW.id WHERE site_id = NEW.to_site_id AND class_id = NEW.class_id AND state = NEW.to_state AND NOT (NEW.from_site_id = NEW.to_site_id AND NEW.from_state = NEW.to_state);
END;
CREATE TRIGGER movement_moves_contents AFTER INSERT ON movement WHEN NEW.from_container_id IS NOT NULL OR NEW.to_container_id IS NOT NULL BEGIN
INSERT INTO content (container_id, class_id, site_id, state, quantity, movement_id) SELECT NEW.from_container_id, NEW.class_id, NEW.from_site_id, NEW.from_state, 0, 0 WHERE NEW.from_container_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM content WHERE container_id = NEW.from_container_id AND class_id = NEW.class_id AND site_id = NEW.from_site_id AND state = NEW.from_state);
INSERT INTO content (container_id, class_id, site_id, state, quantity, movement_id) SELECT NEW.to_container_id, NEW.class_id, NEW.to_site_id, NEW.to_state, 0, 0 WHERE NEW.to_container_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM content WHERE container_id = NEW.to_container_id AND class_id = NEW.class_id AND site_id = NEW.to_site_id AND state = NEW.to_state);
UPDATE content SET quantity = quantity - NEW.quantity, movement_id = NEW.id WHERE container_id = NEW.from_container_id AND class_id = NEW.class_id AND site_id = NEW.from_site_id AND state = NEW.from_state;
UPDATE content SET quantity = quantity + NEW.quantity, movement_id = NEW.id WHERE container_id = NEW.to_container_id AND class_id = NEW.class_id AND site_id = NEW.to_site_id AND state = NEW.to_state;
END;
CREATE INDEX ix_stock_count_class_id_began_at ON stock_count (class_id, began_at);
CREATE TRIGGER movement_whole BEFORE INSERT ON movement WHEN typeof(NEW.quantity) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of movement are whole numbers'); END;
CREATE TRIGGER voters_roll_whole BEFORE INSERT ON voters_roll WHEN typeof(NEW.stations) NOT IN ('integer', 'null') OR typeof(NEW.voters) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of voters_roll are whole numbers'); END;
CREATE TRIGGER polling_station_whole BEFORE INSERT ON polling_station WHEN typeof(NEW.voters) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of polling_station are whole numbers'); END;
CREATE TRIGGER need_line_whole BEFORE INSERT ON need_line WHEN typeof(NEW.sheets) NOT IN ('integer', 'null') OR typeof(NEW.voters) NOT IN ('integer', 'null') OR typeof(NEW.stations) NOT IN ('integer', 'null') OR typeof(NEW.reserve_num) NOT IN ('integer', 'null') OR typeof(NEW.reserve_den) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of need_line are whole numbers'); END;
CREATE TRIGGER print_order_line_whole BEFORE INSERT ON print_order_line WHEN typeof(NEW.sheets) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of print_order_line are whole numbers'); END;
CREATE TRIGGER delivery_line_whole BEFORE INSERT ON delivery_line WHEN typeof(NEW.declared) NOT IN ('integer', 'null') OR typeof(NEW.received) NOT IN ('integer', 'null') OR typeof(NEW.misrouted) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of delivery_line are whole numbers'); END;
CREATE TRIGGER damage_line_whole BEFORE INSERT ON damage_line WHEN typeof(NEW.sheets) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of damage_line are whole numbers'); END;
CREATE TRIGGER reprint_request_whole BEFORE INSERT ON reprint_request WHEN typeof(NEW.for_damaged) NOT IN ('integer', 'null') OR typeof(NEW.for_short) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of reprint_request are whole numbers'); END;
CREATE TRIGGER reprint_receipt_whole BEFORE INSERT ON reprint_receipt WHEN typeof(NEW.sheets) NOT IN ('integer', 'null') OR typeof(NEW.for_short) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of reprint_receipt are whole numbers'); END;
CREATE TRIGGER stock_count_whole BEFORE INSERT ON stock_count WHEN typeof(NEW.position) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of stock_count are whole numbers'); END;
CREATE TRIGGER count_sheet_whole BEFORE INSERT ON count_sheet WHEN typeof(NEW.unsorted) NOT IN ('integer', 'null') OR typeof(NEW.good) NOT IN ('integer', 'null') OR typeof(NEW.damaged) NOT IN ('integer', 'null') OR typeof(NEW.surplus) NOT IN ('integer', 'null') OR typeof(NEW.packed) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of count_sheet are whole numbers'); END;
CREATE TRIGGER packing_whole BEFORE INSERT ON packing WHEN typeof(NEW.entitled) NOT IN ('integer', 'null') OR typeof(NEW.sheets) NOT IN ('integer', 'null')
BEGIN SELECT RAISE(ABORT, 'figures of packing are whole numbers'); END;
CREATE TRIGGER event_reverses BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.id < NEW.id AND e.site_id = NEW.site_id AND e.kind NOT IN ('schema', 'voters', 'placement', 'sealing', 'opening', 'unpacking', 'destruction', 'close', 'reversal'))
BEGIN SELECT RAISE(ABORT, 'this event cannot be reversed'); END;
CREATE TRIGGER reversal_by_two BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NOT NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.reverses_id AND e.kind IN ('count_acceptance', 'adjustment'))
BEGIN SELECT RAISE(ABORT, 'an accepted count and an adjustment are taken back by two persons, with a reason'); END;
CREATE TRIGGER movement_contained BEFORE INSERT ON movement WHEN (NEW.from_container_id IS NOT NULL AND NEW.from_state IN ('printer', 'short_claim', 'variance')) OR (NEW.to_container_id IS NOT NULL AND NEW.to_state IN ('printer', 'short_claim', 'variance'))
BEGIN SELECT RAISE(ABORT, 'only sheets that can be touched lie in a container'); END;
CREATE TRIGGER movement_closed BEFORE INSERT ON movement WHEN NEW.from_site_id <> NEW.to_site_id AND EXISTS (SELECT 1 FROM stock_event e WHERE e.id = NEW.event_id AND (COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at) < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.from_site_id AND s.id < e.id), '') OR COALESCE((SELECT r.happened_at FROM stock_event r WHERE r.id = e.reverses_id), e.happened_at) < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.to_site_id AND s.id < e.id), '')))
BEGIN SELECT RAISE(ABORT, 'the books of the other site are closed for that time'); END;
CREATE TRIGGER acceptance_closed BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id WHERE a.event_id = NEW.event_id AND c.began_at < COALESCE((SELECT max(c.closed_until) FROM stock_close c JOIN stock_event s ON s.id = c.event_id WHERE s.site_id = NEW.site_id AND s.id < NEW.event_id), ''))
BEGIN SELECT RAISE(ABORT, 'the books are closed for the time at which the count began'); END;
CREATE TRIGGER event_instants BEFORE INSERT ON stock_event WHEN NEW.happened_at NOT LIKE '____-__-__T__:__:__.______Z' OR NEW.recorded_at NOT LIKE '____-__-__T__:__:__.______Z' OR julianday(NEW.happened_at) IS NULL OR julianday(NEW.recorded_at) IS NULL
BEGIN SELECT RAISE(ABORT, 'an instant is a date and a time of day'); END;
CREATE TRIGGER event_reason BEFORE INSERT ON stock_event WHEN NEW.reason <> trim(NEW.reason)
BEGIN SELECT RAISE(ABORT, 'a reason is not made of spaces'); END;
CREATE TRIGGER event_clock BEFORE INSERT ON stock_event WHEN NEW.reverses_id IS NULL AND (NEW.second_id IS NULL OR NEW.reason = '') AND julianday((SELECT e.recorded_at FROM chain_link l JOIN stock_event e ON e.id = l.event_id WHERE l.site_id = NEW.site_id ORDER BY l.number DESC LIMIT 1)) - julianday(NEW.happened_at) > 1.00000001
BEGIN SELECT RAISE(ABORT, 'what is entered more than a day after it happened, by the newest entry, needs a reason and a second person'); END;
CREATE TRIGGER close_after_all BEFORE INSERT ON chain_link WHEN NEW.kind = 'close' AND EXISTS (SELECT 1 FROM stock_close c JOIN stock_event e ON e.site_id = NEW.site_id AND e.id < NEW.event_id WHERE c.event_id = NEW.event_id AND c.final = 1 AND e.happened_at > c.closed_until)
BEGIN SELECT RAISE(ABORT, 'a final close reaches to the last entry'); END;
CREATE TRIGGER need_reserve BEFORE INSERT ON need_line WHEN NEW.voters IS NOT NULL AND (NEW.voters < 0 OR NEW.stations < 0 OR NOT EXISTS (SELECT 1 FROM ballot_class k JOIN election e ON e.name = k.election WHERE k.id = NEW.class_id AND e.reserve_num = NEW.reserve_num AND e.reserve_den = NEW.reserve_den))
BEGIN SELECT RAISE(ABORT, 'a need is reckoned with the reserve of its election'); END;
CREATE TRIGGER event_not_counted_since BEFORE INSERT ON chain_link WHEN NEW.kind NOT IN ('reversal', 'count_acceptance') AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id JOIN stock_count c ON c.class_id = m.class_id AND c.began_at > e.happened_at JOIN count_acceptance a ON a.count_id = c.event_id WHERE e.id = NEW.event_id AND a.event_id < e.id AND (SELECT w.site_id FROM stock_event w WHERE w.id = c.event_id) = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = a.event_id AND u.id < e.id))
BEGIN SELECT RAISE(ABORT, 'these ballots have been counted since, and the count accepted'); END;
CREATE TRIGGER acceptance_newest BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM count_acceptance a JOIN stock_count c ON c.event_id = a.count_id JOIN stock_count d ON d.class_id = c.class_id AND d.position > c.position JOIN stock_event w ON w.id = d.event_id AND w.site_id = NEW.site_id JOIN count_acceptance b ON b.count_id = d.event_id WHERE a.event_id = NEW.event_id AND b.event_id < a.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = b.event_id AND u.id < NEW.event_id))
BEGIN SELECT RAISE(ABORT, 'a later count of these ballots has been accepted'); END;
CREATE TRIGGER variance_explained BEFORE INSERT ON chain_link WHEN NEW.kind = 'count_acceptance' AND EXISTS (SELECT 1 FROM stock_event e JOIN movement m ON m.event_id = e.id WHERE e.id = NEW.event_id AND e.reason = '')
BEGIN SELECT RAISE(ABORT, 'a variance needs a reason'); END;
CREATE TRIGGER claims_stay_covered BEFORE INSERT ON chain_link WHEN NEW.kind IN ('reversal', 'adjustment') AND EXISTS (SELECT 1 FROM movement r WHERE r.event_id = NEW.event_id AND ((r.from_state = 'damaged' AND COALESCE((SELECT sum(q.for_damaged) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > (COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.to_site_id = NEW.site_id AND m.to_state = 'damaged'), 0) - COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.class_id = r.class_id AND m.event_id <= NEW.event_id AND m.from_site_id = NEW.site_id AND m.from_state = 'damaged' AND m.to_state <> 'destroyed'), 0))) OR (r.from_state = 'short_claim' AND r.to_state = 'printer' AND COALESCE((SELECT sum(q.for_short) FROM reprint_request q JOIN stock_event e ON e.id = q.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND q.class_id = r.class_id), 0) > COALESCE((SELECT sum(d.declared - d.received) FROM delivery_line d JOIN stock_event e ON e.id = d.event_id WHERE e.site_id = NEW.site_id AND e.id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = e.id AND u.id < NEW.event_id + 1) AND d.class_id = r.class_id AND d.declared > d.received), 0))))
BEGIN SELECT RAISE(ABORT, 'reprints have been requested for what this entry found damaged or short'); END;
CREATE TRIGGER receipt_of_request BEFORE INSERT ON chain_link WHEN NEW.kind = 'reprint_receipt' AND NOT EXISTS (SELECT 1 FROM reprint_receipt r JOIN reprint_request q ON q.event_id = r.request_id JOIN stock_event e ON e.id = q.event_id WHERE r.event_id = NEW.event_id AND e.site_id = NEW.site_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = q.event_id AND u.id < NEW.event_id) AND (SELECT sum(o.sheets) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged + q.for_short AND (SELECT sum(o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_short AND (SELECT sum(o.sheets - o.for_short) FROM reprint_receipt o WHERE o.request_id = r.request_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = o.event_id AND u.id < NEW.event_id)) <= q.for_damaged AND r.sheets = (SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id) AND r.for_short = COALESCE((SELECT sum(m.quantity) FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id = q.class_id AND m.from_state = 'short_claim'), 0) AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.event_id = NEW.event_id AND m.class_id <> q.class_id))
BEGIN SELECT RAISE(ABORT, 'reprints are received for an open request of this site, and never above it'); END;
CREATE TRIGGER witness_once BEFORE INSERT ON witness WHEN NEW.name <> trim(NEW.name) OR EXISTS (SELECT 1 FROM witness w WHERE w.event_id = NEW.event_id AND w.name <> NEW.name AND lower(w.name) = lower(NEW.name))
BEGIN SELECT RAISE(ABORT, 'each witness is named once'); END;
CREATE TRIGGER packed_box_alone BEFORE INSERT ON chain_link WHEN NEW.kind IN ('repack', 'reversal') AND EXISTS (SELECT 1 FROM movement m JOIN content p ON p.container_id = m.to_container_id JOIN content t ON t.container_id = m.to_container_id WHERE m.event_id = NEW.event_id AND p.quantity > 0 AND p.state = 'packed' AND t.quantity > 0 AND t.state <> 'packed')
BEGIN SELECT RAISE(ABORT, 'nothing goes into a box that is packed for a station'); END;
CREATE TRIGGER placement_beside_packed BEFORE INSERT ON placement WHEN EXISTS (SELECT 1 FROM content t WHERE t.container_id = NEW.parent_id AND t.quantity > 0 AND t.state = 'packed')
BEGIN SELECT RAISE(ABORT, 'nothing is put into a box that is packed for a station'); END;
CREATE TRIGGER opening_here BEFORE INSERT ON seal_break WHEN EXISTS (SELECT 1 FROM seal s JOIN content t ON t.container_id = s.container_id JOIN stock_event e ON e.id = NEW.event_id WHERE s.number = NEW.seal_number AND t.quantity > 0 AND t.site_id <> e.site_id)
BEGIN SELECT RAISE(ABORT, 'a container is opened where it is'); END;
CREATE TRIGGER consignment_named BEFORE INSERT ON consignment WHEN trim(NEW.number) = '' OR trim(NEW.from_person) = '' OR trim(NEW.to_person) = '' OR lower(trim(NEW.from_person)) = lower(trim(NEW.to_person))
BEGIN SELECT RAISE(ABORT, 'a consignment names its number and two persons'); END;
CREATE TRIGGER dispatch_of_station BEFORE INSERT ON chain_link WHEN NEW.kind = 'dispatch' AND EXISTS (SELECT 1 FROM consignment g JOIN site t ON t.id = g.to_site_id AND t.kind = 'tps' JOIN movement m ON m.event_id = g.event_id JOIN packing p ON p.container_id = m.from_container_id WHERE g.event_id = NEW.event_id AND m.from_state = 'packed' AND p.station_id <> g.to_site_id)
BEGIN SELECT RAISE(ABORT, 'a polling station is sent the boxes that are packed for it'); END;
CREATE TRIGGER delivered_at_station BEFORE INSERT ON chain_link WHEN NEW.kind = 'arrival' AND EXISTS (SELECT 1 FROM movement m JOIN site t ON t.id = m.to_site_id WHERE m.event_id = NEW.event_id AND m.to_state = 'delivered' AND t.kind <> 'tps')
BEGIN SELECT RAISE(ABORT, 'sheets are delivered at a polling station'); END;
CREATE TRIGGER end_after_dispatch BEFORE INSERT ON chain_link WHEN NEW.kind IN ('arrival', 'return', 'loss') AND EXISTS (SELECT 1 FROM consignment_end x JOIN stock_event g ON g.id = x.consignment_id JOIN stock_event e ON e.id = x.event_id WHERE x.event_id = NEW.event_id AND e.happened_at < g.happened_at)
BEGIN SELECT RAISE(ABORT, 'what arrives, comes back or is lost was sent before'); END;
CREATE TRIGGER consignment_ends_once BEFORE INSERT ON chain_link WHEN NEW.kind IN ('arrival', 'return', 'loss') AND EXISTS (SELECT 1 FROM consignment_end x JOIN movement m ON m.event_id = x.event_id WHERE x.event_id = NEW.event_id AND (SELECT sum(o.quantity) FROM movement o JOIN consignment_end y ON y.event_id = o.event_id WHERE y.consignment_id = x.consignment_id AND o.from_container_id = m.from_container_id AND o.class_id = m.class_id AND o.event_id <= NEW.event_id AND NOT EXISTS (SELECT 1 FROM stock_event u WHERE u.reverses_id = y.event_id AND u.id < NEW.event_id)) > (SELECT sum(s.quantity) FROM movement s WHERE s.event_id = x.consignment_id AND s.from_container_id = m.from_container_id AND s.class_id = m.class_id))
BEGIN SELECT RAISE(ABORT, 'what was sent arrives, comes back or is lost once'); END;
CREATE UNIQUE INDEX uq_camera_view_now ON camera_view (camera_id) WHERE valid_until IS NULL;
CREATE INDEX ix_watch_zone_view_id ON watch_zone (view_id);
CREATE INDEX ix_segment_camera_id_started_at ON segment (camera_id, started_at);
CREATE INDEX ix_watch_event_alarm_id ON watch_event (alarm_id);
CREATE INDEX ix_watch_event_camera_id_started_at ON watch_event (camera_id, started_at);
CREATE INDEX ix_alarm_camera_id ON alarm (camera_id);
CREATE TRIGGER alarm_no_update BEFORE UPDATE ON alarm BEGIN SELECT RAISE(ABORT, 'alarm is append-only'); END;
CREATE TRIGGER alarm_no_delete BEFORE DELETE ON alarm BEGIN SELECT RAISE(ABORT, 'alarm is append-only'); END;
CREATE TRIGGER alarm_no_replace BEFORE INSERT ON alarm WHEN EXISTS (SELECT 1 FROM alarm WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'alarm is append-only'); END;
CREATE INDEX ix_clock_step_recorder_id ON clock_step (recorder_id);
CREATE UNIQUE INDEX uq_camera_off_now ON camera_off (camera_id) WHERE until_at IS NULL;
CREATE UNIQUE INDEX uq_retention_now ON retention (room_id) WHERE valid_until IS NULL;
CREATE INDEX ix_footage_lock_camera_id ON footage_lock (camera_id);
CREATE TRIGGER footage_removal_no_update BEFORE UPDATE ON footage_removal BEGIN SELECT RAISE(ABORT, 'footage_removal is append-only'); END;
CREATE TRIGGER footage_removal_no_delete BEFORE DELETE ON footage_removal BEGIN SELECT RAISE(ABORT, 'footage_removal is append-only'); END;
CREATE TRIGGER footage_removal_no_replace BEFORE INSERT ON footage_removal WHEN EXISTS (SELECT 1 FROM footage_removal WHERE segment_id = NEW.segment_id) BEGIN SELECT RAISE(ABORT, 'footage_removal is append-only'); END;
CREATE TRIGGER footage_finding_no_update BEFORE UPDATE ON footage_finding BEGIN SELECT RAISE(ABORT, 'footage_finding is append-only'); END;
CREATE TRIGGER footage_finding_no_delete BEFORE DELETE ON footage_finding BEGIN SELECT RAISE(ABORT, 'footage_finding is append-only'); END;
CREATE TRIGGER footage_finding_no_replace BEFORE INSERT ON footage_finding WHEN EXISTS (SELECT 1 FROM footage_finding WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM footage_finding WHERE segment_id = NEW.segment_id AND kind = NEW.kind) BEGIN SELECT RAISE(ABORT, 'footage_finding is append-only'); END;
CREATE TRIGGER set_aside_no_update BEFORE UPDATE ON set_aside BEGIN SELECT RAISE(ABORT, 'set_aside is append-only'); END;
CREATE TRIGGER set_aside_no_delete BEFORE DELETE ON set_aside BEGIN SELECT RAISE(ABORT, 'set_aside is append-only'); END;
CREATE TRIGGER set_aside_no_replace BEFORE INSERT ON set_aside WHEN EXISTS (SELECT 1 FROM set_aside WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM set_aside WHERE path = NEW.path) BEGIN SELECT RAISE(ABORT, 'set_aside is append-only'); END;
COMMIT;
