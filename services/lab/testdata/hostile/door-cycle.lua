-- Writes a table that contains itself.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local t = {}
      t.t = t
      kv.set("k", t)
    end,
  },
}
