local discord = require "@antiraid/discord"

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      discord.add_role{ user_id = "1", role_id = "2" }
    end,
  },
}
