-- Rooms are counted by phase. An action of a match that goes on changes neither index.
CREATE INDEX match_room_phase ON match_room (phase);
CREATE INDEX match_room_finished ON match_room (phase, finished_ms) WHERE finished_ms IS NOT NULL;
