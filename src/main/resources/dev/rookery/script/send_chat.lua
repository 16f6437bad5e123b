-- ROLE: player
-- Publishes a chat message to a game. ARGV: user id, message, game id.
local message, game = ARGV[2], ARGV[3]
if not game or game == '' then
  return redis.error_reply('Game ID required')
end
if not message or message == '' then
  return redis.error_reply('Message required')
end
if #message > 4096 then
  return redis.error_reply('Message is too long')
end
redis.call('PUBLISH', 'game_updates:game:' .. game, cjson.encode({
  type = 'chat',
  payload = {
    user_id = ARGV[1],
    message = message,
    timestamp = tonumber(redis.call('TIME')[1]),
  },
}))
return redis.status_reply('OK')
