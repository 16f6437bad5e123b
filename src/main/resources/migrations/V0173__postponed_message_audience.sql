-- The messages of an audience, found by one value.
CREATE INDEX postponed_message_audience ON postponed_message
  ((kind || ':' || CAST(ref AS TEXT) || ':' || CAST(after_id AS TEXT)));
DROP INDEX postponed_message_ref;
