-- The messages of an audience, found by one value. Nodes of the version before find them by
-- postponed_message_ref, which the next version removes.
CREATE INDEX postponed_message_audience ON postponed_message
  ((kind || ':' || CAST(ref AS TEXT) || ':' || CAST(after_id AS TEXT)));
