-- What tenants decided by, each once: policy file and templates, named by their digest.
CREATE TABLE rules (
    version TEXT NOT NULL PRIMARY KEY,
    sources TEXT NOT NULL
);

-- Decisions with everything that they depend on; both compressed.
CREATE TABLE decisions (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    request_id TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    rules_version TEXT NOT NULL,
    inputs BLOB NOT NULL,
    decision BLOB NOT NULL
);
CREATE INDEX decisions_by_time ON decisions (create_time, id);
-- Tells which rules no decision needs any more.
CREATE INDEX decisions_by_rules ON decisions (rules_version);

-- Conversations. An id that was forgotten and is used again has another incarnation, so that nobody takes
-- the new one for the old.
CREATE TABLE conversations (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    revision BIGINT NOT NULL,
    -- 1 while a person owns it or is waited for; such a one is not forgotten, and does not expire.
    held BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    state TEXT NOT NULL,
    turns TEXT NOT NULL,
    update_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX conversations_by_expiry ON conversations (held, expire_time);
CREATE INDEX conversations_by_use ON conversations (held, ended, update_time);
