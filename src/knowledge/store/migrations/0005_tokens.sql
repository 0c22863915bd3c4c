-- Vectors of the tokens of what was encoded, 8-bit, one after the other; NULL where the model made none.
ALTER TABLE vectors ADD COLUMN tokens BLOB;
