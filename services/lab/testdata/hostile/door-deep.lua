-- Writes a very deep table.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local t = {}
      for i = 1, 100000 do t = { t } end
      kv.set("k", t)
    end,
  },
}
