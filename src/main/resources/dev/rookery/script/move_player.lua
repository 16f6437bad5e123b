-- ROLE: guest
-- Moves a player who is connected to a game, within its bounds and speed, and publishes where to.
-- KEYS: the lobby; its fields width, height (1000) and speed (500 a second) bound the movement.
-- ARGV: user id, x, y.
local lobby = KEYS[1]
local x, y = tonumber(ARGV[2] or ''), tonumber(ARGV[3] or '')
if not lobby then
  return redis.error_reply('Game required')
end
if string.sub(lobby, 1, 5) ~= 'game:' then
  return redis.error_reply('Invalid lobby key')
end
if not x or not y then
  return redis.error_reply('Position required')
end
local fields = redis.call(
  'HMGET', lobby, 'name:' .. ARGV[1], 'width', 'height', 'speed')
local name = fields[1]
if not name then
  return redis.error_reply('Not in this game')
end
local width, height = tonumber(fields[2] or '') or 1000, tonumber(fields[3] or '') or 1000
local speed = tonumber(fields[4] or '') or 500
-- Also false for what is no number.
if not (x >= 0 and x <= width and y >= 0 and y <= height) then
  return redis.error_reply('Position out of bounds')
end

local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local state = cjson.decode(redis.call('HGET', lobby, 'state:' .. name) or '{}')
local moved = tonumber(redis.call('HGET', lobby, 'moved:' .. name) or '')
if moved and type(state.x) == 'number' and type(state.y) == 'number' then
  local dx, dy = x - state.x, y - state.y
  -- A tenth of a second more, because the network delivers some steps together.
  local reach = speed * (now - moved + 0.1)
  if dx * dx + dy * dy > reach * reach then
    return redis.error_reply('Too fast')
  end
end

state.x, state.y = x, y
redis.call('HSET', lobby, 'state:' .. name, cjson.encode(state),
  'moved:' .. name, string.format('%.6f', now))
redis.call('PUBLISH', 'game_updates:' .. lobby, cjson.encode({
  type = 'patch',
  payload = { user = name, action = 'move', state = { x = x, y = y } },
}))
return redis.status_reply('OK')
