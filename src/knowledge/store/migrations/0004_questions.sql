-- Questions whose answers are known, and questions that nothing answers. Both go with their
-- knowledge base.

CREATE TABLE golden_questions (
    base_number BIGINT NOT NULL REFERENCES knowledge_bases (number) ON DELETE CASCADE,
    -- In the order in which they were set, counted from 0.
    position BIGINT NOT NULL,
    question TEXT NOT NULL,
    -- Id of the article that answers; empty when nothing does.
    article TEXT NOT NULL,
    -- Empty for the question's own.
    locale TEXT NOT NULL,
    PRIMARY KEY (base_number, position)
);

-- Personal data is replaced before a question comes here; the vector is of the replaced text too.
CREATE TABLE gaps (
    -- Never used again for another gap.
    number BIGINT NOT NULL PRIMARY KEY,
    base_number BIGINT NOT NULL REFERENCES knowledge_bases (number) ON DELETE CASCADE,
    question TEXT NOT NULL,
    examples TEXT NOT NULL,
    locale TEXT NOT NULL,
    -- Empty when it was not labelled.
    intent TEXT NOT NULL,
    count BIGINT NOT NULL,
    first_time BIGINT NOT NULL,
    last_time BIGINT NOT NULL,
    -- Model that made the vector; one of another model is made again. Little-endian f32.
    model TEXT NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX gaps_by_count ON gaps (base_number, count, last_time, number);
CREATE INDEX gaps_by_age ON gaps (last_time);
