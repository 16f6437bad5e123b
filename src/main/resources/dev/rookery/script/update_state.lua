-- Runs for every message that a client sends over the socket of a game: keeps what the payload
-- says as the state of the player, and publishes it as a patch.
-- KEYS: the lobby. ARGV: user name, the message as JSON, user id.
local lobby = KEYS[1]
local name = ARGV[1]
if not lobby or not ARGV[2] then
  return redis.error_reply('Game and message required')
end
-- Over HTTP the client chooses the key.
if string.sub(lobby, 1, 5) ~= 'game:' then
  return redis.error_reply('Invalid lobby key')
end
if ARGV[3] then
  if redis.call('SISMEMBER', lobby .. ':players', name) == 0 then
    return redis.error_reply(
      redis.call('EXISTS', lobby) == 0 and 'Lobby not found' or 'Not in this game')
  end
else
  -- Called over HTTP, where the first argument is the id.
  name = redis.call('HGET', lobby, 'name:' .. ARGV[1])
  if not name then
    return redis.error_reply('Not in this game')
  end
end

local read, message = pcall(cjson.decode, ARGV[2])
if not read or type(message) ~= 'table' or type(message.action) ~= 'string' then
  return redis.error_reply('Invalid message')
end
if redis.call('EXISTS', lobby) == 0 then
  return redis.error_reply('Lobby not found')
end

if message.action == 'heartbeat' then
  redis.call('HSET', lobby, 'seen:' .. name, redis.call('TIME')[1])
  redis.call('EXPIRE', lobby, 86400)
  redis.call('EXPIRE', lobby .. ':players', 86400)
  return redis.status_reply('OK')
end

local patch = {}
if type(message.payload) == 'table' then
  local state = cjson.decode(redis.call('HGET', lobby, 'state:' .. name) or '{}')
  for field, value in pairs(message.payload) do
    if type(field) ~= 'string' then
      return redis.error_reply('Invalid payload')
    end
    patch[field] = value
    if value == cjson.null then
      state[field] = nil
    else
      state[field] = value
    end
  end
  local encoded = cjson.encode(state)
  if #encoded > 16384 then
    return redis.error_reply('State is too large')
  end
  redis.call('HSET', lobby, 'state:' .. name, encoded)
end

redis.call('PUBLISH', 'game_updates:' .. lobby, cjson.encode({
  type = 'patch',
  payload = { user = name, action = message.action, state = patch },
}))
return redis.status_reply('OK')
