-- Uses a key of megabytes.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      pcall(kv.get, ("k"):rep(3000000))
      kv.set(("k"):rep(3000000), 1)
    end,
  },
}
