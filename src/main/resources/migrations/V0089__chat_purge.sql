-- Direct messages of players whose friendship has ended that are still to be deleted: those up to
-- an id, which were too many for the transaction that ended it.
CREATE TABLE chat_purge (
  id        ${identity},
  lower_id  BIGINT NOT NULL,
  higher_id BIGINT NOT NULL,
  up_to     BIGINT NOT NULL
);
