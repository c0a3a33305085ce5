-- Writes one table that refers to another a million times over.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local t = { "x" }
      for i = 1, 18 do t = { t, t, t, t, t, t, t, t, t, t } end
      kv.set("k", t)
    end,
  },
}
