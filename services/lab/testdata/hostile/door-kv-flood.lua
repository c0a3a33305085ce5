-- Reads and writes as often as it can.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      for i = 1, 1e9 do pcall(kv.set, "k" .. i, i) pcall(kv.get, "k" .. i) end
    end,
  },
}
