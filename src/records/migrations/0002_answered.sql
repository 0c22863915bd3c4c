-- The last requests that callers gave an id, with their decisions: what is sent twice gets the same twice.
ALTER TABLE conversations ADD COLUMN answered BLOB NOT NULL DEFAULT x'';
