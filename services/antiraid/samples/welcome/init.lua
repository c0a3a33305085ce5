-- Greets who joins, and counts for who asks.
local discord = require "@antiraid/discord"
local kv      = require "@antiraid/kv"

local LOBBY = "1100000000000000010"   -- the channel for greetings: ids are strings

-- next adds one to a number that is kept for this server.
local function next(key)
  local n = (kv.get(key) or 0) + 1
  kv.set(key, n)
  return n
end

return {
  capabilities = { "discord:create_message", "kv:*" },
  events = {
    GUILD_MEMBER_ADD = function(ctx, event)
      discord.create_message{
        channel_id = LOBBY,
        content = "Welcome, " .. event.user.username .. "! You are newcomer " .. next("newcomers") .. ".",
      }
    end,

    MESSAGE_CREATE = function(ctx, event)
      if event.content ~= "!count" or event.author.bot then return end
      discord.create_message{ channel_id = event.channel_id, content = "count " .. next("count") }
    end,
  },
}
