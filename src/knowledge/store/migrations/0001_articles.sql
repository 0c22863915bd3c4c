-- Knowledge bases and articles. Times are milliseconds since 1970; lists are JSON arrays of text.

-- Numbers that only grow. A counter row instead of AUTOINCREMENT: the same SQL everywhere, and
-- numbers become visible in the order in which they are drawn, which replay relies on.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('number', 0), ('change', 0);

CREATE TABLE knowledge_bases (
    id TEXT NOT NULL PRIMARY KEY,
    -- Never used again for another knowledge base, unlike the id.
    number BIGINT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- Generation of the live index.
    generation BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL
);

CREATE TABLE articles (
    -- Never used again for another article, unlike the id.
    number BIGINT NOT NULL PRIMARY KEY,
    base TEXT NOT NULL REFERENCES knowledge_bases (id),
    id TEXT NOT NULL,
    locale TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    questions TEXT NOT NULL,
    tags TEXT NOT NULL,
    audience TEXT NOT NULL,
    url TEXT NOT NULL,
    content_time BIGINT,
    content_hash TEXT NOT NULL,
    version BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL,
    UNIQUE (base, id)
);

-- The last change of every article, deleted ones included: what an index has to catch up with.
CREATE TABLE changes (
    article_number BIGINT NOT NULL PRIMARY KEY,
    base_number BIGINT NOT NULL,
    seq BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL
);
CREATE INDEX changes_of_base ON changes (base_number, seq);

-- Vectors by what was encoded, so that nothing is encoded twice. Little-endian f32.
CREATE TABLE vectors (
    model TEXT NOT NULL,
    hash TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (model, hash)
);

-- Answers already given, by the caller's id of the request.
CREATE TABLE requests (
    id TEXT NOT NULL PRIMARY KEY,
    method TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX requests_by_age ON requests (create_time);
