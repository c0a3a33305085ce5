-- Sends a message of megabytes.
return {
  capabilities = { "discord:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local discord = require "@antiraid/discord"
      pcall(discord.create_message, { channel_id = "1", content = ("x"):rep(3000000) })
      discord.create_message{ channel_id = "1", content = ("x"):rep(200000) }
    end,
  },
}
