-- Writes one value that is too large.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      kv.set("k", ("\1"):rep(1000000))
    end,
  },
}
