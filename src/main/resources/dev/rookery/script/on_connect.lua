-- ROLE: manager
-- Runs before a socket of a game is opened; an error rejects the socket.
-- KEYS: the lobby and its set of players. ARGV: user name, game id, user id.
local name = ARGV[1]
local id = ARGV[3] or name

local lobby = redis.call('HMGET', KEYS[1], 'status', 'capacity')
if not lobby[1] then
  return redis.error_reply('Lobby not found')
end
if lobby[1] ~= 'open' then
  return redis.error_reply('Lobby is closed')
end

if redis.call('SISMEMBER', KEYS[2], name) == 0 then
  local others = redis.call('SCARD', KEYS[2])
  -- Who created the lobby is among its players by id until they connect.
  if id ~= name and redis.call('SISMEMBER', KEYS[2], id) == 1 then
    others = others - 1
  end
  if others >= (tonumber(lobby[2]) or 4) then
    return redis.error_reply('Lobby is full')
  end
  redis.call('SREM', KEYS[2], id)
  redis.call('SADD', KEYS[2], name)
end
redis.call('HSET', KEYS[1], 'name:' .. id, name)
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('EXPIRE', KEYS[2], 86400)
return redis.status_reply('OK')
