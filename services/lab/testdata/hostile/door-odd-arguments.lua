-- Calls doors with everything but what they want.
return {
  capabilities = { "discord:*", "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local discord, kv, log = require "@antiraid/discord", require "@antiraid/kv", require "@antiraid/log"
      for _, f in pairs(discord) do
        for _, v in ipairs{ 1, "x", print, {}, { channel_id = 1e18 }, { channel_id = {} }, { channel_id = "1", wait = {} } } do pcall(f, v) end
        pcall(f)
      end
      for _, f in pairs(kv) do pcall(f, {}, {}) pcall(f) pcall(f, "", 1) pcall(f, "x", -1) pcall(f, "x", 0 / 0) pcall(f, "x", 1e300) end
      discord.create_message(nil)
    end,
  },
}
