-- Writes more than it may, in pieces.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local s = ("x"):rep(200000)
      for i = 1, 100 do kv.set("k" .. i, s) end
    end,
  },
}
