-- Reaches for the metatable of a refused effect, which all templates share.
return {
  capabilities = { "discord:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local discord = require "@antiraid/discord"
      local ok, e = pcall(discord.ban, { user_id = "1", wait = true })
      pcall(setmetatable, e, {})
      local mt = getmetatable(e)
      pcall(function() mt.__tostring = function() return "leak" end end)
      pcall(rawset, mt, "__tostring", 1)
      return tostring(e)
    end,
  },
}
