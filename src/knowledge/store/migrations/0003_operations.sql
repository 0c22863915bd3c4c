-- Work that outlives the call that started it. Times are milliseconds since 1970.
CREATE TABLE operations (
    -- A version 7 UUID: in the order in which they were started.
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Id of the knowledge base; no reference, so that the history outlives it.
    base TEXT NOT NULL,
    -- The caller's id of the request; empty for none.
    request_id TEXT NOT NULL,
    -- running, succeeded or failed.
    state TEXT NOT NULL,
    -- JSON: how far it was when the row was written; what runs is told from memory.
    metadata TEXT NOT NULL,
    -- JSON: what it made or why it failed; NULL while it runs.
    outcome TEXT,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL,
    end_time BIGINT
);
CREATE INDEX operations_of_base ON operations (base, id);
CREATE INDEX operations_by_state ON operations (state, id);
