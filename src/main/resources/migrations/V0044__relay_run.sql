-- The run of the node that wrote the row: when it has ended, nobody sits there any more.
ALTER TABLE relay_seat ADD COLUMN run BIGINT NOT NULL DEFAULT 0;
