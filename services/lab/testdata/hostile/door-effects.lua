-- Asks for effects without end.
return {
  capabilities = { "discord:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local discord = require "@antiraid/discord"
      while true do pcall(discord.create_message, { channel_id = event.channel_id or "1", content = "spam" }) end
    end,
  },
}
