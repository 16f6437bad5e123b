-- The friends of a player from the index alone: when a player comes online, those who are online
-- are looked for among all of them.
CREATE INDEX friendship_accepted ON friendship (requester_id, target_id) WHERE state = 'accepted';
CREATE INDEX friendship_accepted_reverse ON friendship (target_id, requester_id)
  WHERE state = 'accepted';
