-- Uses what nobody granted, and tries to catch the answer.
return {
  capabilities = { "kv:get" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local discord = require "@antiraid/discord"
      pcall(function() pcall(discord.ban, { user_id = "1" }) end)
      while true do end
    end,
  },
}
