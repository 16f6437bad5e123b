-- The friendships of a state, newest first, for admins. Most are accepted, and found without it.
CREATE INDEX friendship_state ON friendship (state, id) WHERE state <> 'accepted';
