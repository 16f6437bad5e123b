-- Objects by the beginning of their keys, whatever the case. The key is first: an index that begins with the collection
-- would be taken for the list of a whole collection, which is sorted by id.
CREATE INDEX storage_object_key ON storage_object ((LOWER(object_key)${by_code_point}), collection, id);
