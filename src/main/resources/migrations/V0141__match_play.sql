-- JSON: the options of the game; null if it has none.
ALTER TABLE match_room ADD COLUMN config TEXT;
-- JSON: the profiles of the players when the match started, by player.
ALTER TABLE match_room ADD COLUMN profiles TEXT;
-- When the room needs its owner although nobody sends a command: the deadline of the turn, or the
-- time since when a bot is to act. Null for never.
ALTER TABLE match_room ADD COLUMN wake_ms BIGINT;
-- When the match got its result.
ALTER TABLE match_room ADD COLUMN finished_ms BIGINT;

CREATE INDEX match_room_wake ON match_room (wake_ms) WHERE wake_ms IS NOT NULL;

-- The bot in a seat, whose user_key is empty then.
ALTER TABLE match_seat ADD COLUMN bot_id TEXT;
ALTER TABLE match_seat ADD COLUMN bot_label TEXT;
