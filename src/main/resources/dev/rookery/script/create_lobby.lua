-- ROLE: guest
-- Creates a lobby and returns its key, game:<id>.
-- KEYS: the lobby and its set of players; with none the lobby gets an id of its own.
-- ARGV: user id, capacity (4 if there is none).
local user = ARGV[1]
local capacity = 4
if ARGV[2] and ARGV[2] ~= '' then
  capacity = tonumber(ARGV[2])
  if not capacity or capacity < 1 or capacity > 10000 or capacity ~= math.floor(capacity) then
    return redis.error_reply('Invalid capacity')
  end
end

local now = redis.call('TIME')
local lobby = KEYS[1]
if not lobby then
  local number = redis.call('INCR', 'game_ids')
  local seed = number .. ':' .. now[1] .. ':' .. now[2] .. ':' .. user
  lobby = 'game:' .. string.sub(redis.sha1hex(seed), 1, 20)
end
if string.sub(lobby, 1, 5) ~= 'game:' or #lobby == 5 then
  return redis.error_reply('Invalid lobby key')
end
local players = lobby .. ':players'
if KEYS[2] and KEYS[2] ~= players then
  return redis.error_reply('Invalid players key')
end

if redis.call('EXISTS', lobby) == 1 then
  return redis.error_reply('Lobby already exists')
end
redis.call(
  'HSET', lobby, 'owner', user, 'capacity', capacity, 'created_at', now[1], 'status', 'open')
redis.call('SADD', players, user)
-- A lobby that nobody uses for a day is deleted.
redis.call('EXPIRE', lobby, 86400)
redis.call('EXPIRE', players, 86400)
return lobby
