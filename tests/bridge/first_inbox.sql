BEGIN TRANSACTION;
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	receipt VARCHAR(13) NOT NULL, 
	sink VARCHAR(60) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	queued_at DATETIME NOT NULL, 
	next_at DATETIME, 
	settled_at DATETIME, 
	lease VARCHAR(32), 
	error TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (receipt, sink), 
	FOREIGN KEY(receipt) REFERENCES inquiries (receipt) ON DELETE CASCADE
);
INSERT INTO "deliveries" VALUES(1,'0000-0000-000','smtp','delivered',1,'2026-11-20 03:04:05.000678',NULL,'2026-11-20 04:04:05.000678',NULL,'');
INSERT INTO "deliveries" VALUES(2,'1111-1111-111','smtp','dead',1,'2026-11-20 03:05:05.000678',NULL,'2026-11-20 04:04:05.000678',NULL,'550 no such user');
INSERT INTO "deliveries" VALUES(3,'2222-2222-222','smtp','retry',1,'2026-11-20 03:06:05.000678','2026-11-20 04:09:05.000678',NULL,NULL,'451 not now');
INSERT INTO "deliveries" VALUES(4,'3333-3333-333','smtp','sending',1,'2026-11-20 03:07:05.000678','2026-11-20 04:34:05.000678',NULL,'dddddddddddddddddddddddddddddddd','');
INSERT INTO "deliveries" VALUES(5,'4444-4444-444','smtp','queued',0,'2026-11-20 03:08:05.000678','2026-11-20 03:08:05.000678',NULL,NULL,'');
CREATE TABLE files (
	id VARCHAR(32) NOT NULL, 
	receipt VARCHAR(13) NOT NULL, 
	position INTEGER NOT NULL, 
	field VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(receipt) REFERENCES inquiries (receipt) ON DELETE CASCADE
);
INSERT INTO "files" VALUES('00000000000000000000000000000000','0000-0000-000',0,'files','사업자등록증.pdf',21,'abababababababababababababababababababababababababababababababab');
INSERT INTO "files" VALUES('00000000000000000000000000000001','1111-1111-111',0,'files','사업자등록증.pdf',21,'abababababababababababababababababababababababababababababababab');
CREATE TABLE inquiries (
	receipt VARCHAR(13) NOT NULL, 
	brand VARCHAR(60) NOT NULL, 
	language VARCHAR(20) NOT NULL, 
	form VARCHAR(60) NOT NULL, 
	title TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	subject TEXT NOT NULL, 
	page TEXT NOT NULL, 
	answers JSON NOT NULL, 
	tags JSON NOT NULL, 
	idempotency_key VARCHAR(100), 
	PRIMARY KEY (receipt), 
	UNIQUE (brand, form, idempotency_key)
);
INSERT INTO "inquiries" VALUES('0000-0000-000','daon','ko','inquiry','문의하기','2026-11-20 03:04:05.000678','hong@example.com','언제 오나요','/daon/ko/','[{"name": "message", "type": "long_text", "label": "\ub0b4\uc6a9", "values": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."], "shown": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."]}]','[{"cause": "\ubc30\uc1a1-\uc9c0\uc5f0", "polarity": "negative"}]','key-0');
INSERT INTO "inquiries" VALUES('1111-1111-111','daon','ko','inquiry','문의하기','2026-11-20 03:05:05.000678','hong@example.com','언제 오나요','/daon/ko/','[{"name": "message", "type": "long_text", "label": "\ub0b4\uc6a9", "values": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."], "shown": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."]}]','[{"cause": "\ubc30\uc1a1-\uc9c0\uc5f0", "polarity": "negative"}]','key-1');
INSERT INTO "inquiries" VALUES('2222-2222-222','daon','ko','inquiry','문의하기','2026-11-20 03:06:05.000678','hong@example.com','언제 오나요','/daon/ko/','[{"name": "message", "type": "long_text", "label": "\ub0b4\uc6a9", "values": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."], "shown": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."]}]','[{"cause": "\ubc30\uc1a1-\uc9c0\uc5f0", "polarity": "negative"}]','key-2');
INSERT INTO "inquiries" VALUES('3333-3333-333','daon','ko','inquiry','문의하기','2026-11-20 03:07:05.000678','hong@example.com','언제 오나요','/daon/ko/','[{"name": "message", "type": "long_text", "label": "\ub0b4\uc6a9", "values": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."], "shown": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."]}]','[{"cause": "\ubc30\uc1a1-\uc9c0\uc5f0", "polarity": "negative"}]',NULL);
INSERT INTO "inquiries" VALUES('4444-4444-444','daon','ko','inquiry','문의하기','2026-11-20 03:08:05.000678','hong@example.com','언제 오나요','/daon/ko/','[{"name": "message", "type": "long_text", "label": "\ub0b4\uc6a9", "values": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."], "shown": ["\uc5b4\uc81c \uc628\ub2e4\uace0 \ud588\ub294\ub370\n\uc544\uc9c1\uc774\uc5d0\uc694."]}]','[{"cause": "\ubc30\uc1a1-\uc9c0\uc5f0", "polarity": "negative"}]','key-4');
CREATE INDEX ix_inquiries_received_at ON inquiries (received_at);
CREATE INDEX ix_files_receipt ON files (receipt);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
COMMIT;
