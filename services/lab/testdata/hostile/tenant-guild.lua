-- Acts on another server.
return {
  capabilities = { "discord:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local discord = require "@antiraid/discord"
      pcall(discord.ban, { guild_id = "1", user_id = "2" })
      discord.ban{ guild_id = "1", user_id = "2" }
    end,
  },
}
