-- Whom and when an article is for; what articles said before; the passages that are searched.

-- Lists are JSON arrays of text; empty means every channel, every brand.
ALTER TABLE articles ADD COLUMN channels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN brands TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN valid_from BIGINT;
ALTER TABLE articles ADD COLUMN valid_until BIGINT;

-- What an article said before it was changed or deleted, so that a citation can still be looked up.
-- Content is the JSON whose SHA-256 is the article's content hash.
CREATE TABLE article_versions (
    article_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    base TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    -- When it was replaced.
    end_time BIGINT NOT NULL,
    PRIMARY KEY (article_number, version)
);
CREATE INDEX article_versions_by_name ON article_versions (base, id, version);

-- What every article is cut into. Bytes count in the article's body.
CREATE TABLE passages (
    article_number BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    heading TEXT NOT NULL,
    start_byte BIGINT NOT NULL,
    end_byte BIGINT NOT NULL,
    PRIMARY KEY (article_number, ordinal)
);

-- Version of the program's rules by which the passages were cut; 0 means not cut yet.
INSERT INTO counters (name, value) VALUES ('cutter', 0);

-- The generation to roll back to; NULL when there is none.
ALTER TABLE knowledge_bases ADD COLUMN previous_generation BIGINT;
