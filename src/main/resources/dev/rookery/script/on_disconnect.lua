-- ROLE: manager
-- Deletes the data of a guest who has disconnected from a game.
-- KEYS: the lobby and its set of players. ARGV: user id.
local id = ARGV[1]
if not KEYS[1] then
  return 0
end
local name = redis.call('HGET', KEYS[1], 'name:' .. id) or id
redis.call('HDEL', KEYS[1], 'name:' .. id, 'state:' .. name, 'seen:' .. name, 'moved:' .. name)
return redis.call('SREM', KEYS[2] or (KEYS[1] .. ':players'), name, id)
