-- Writes what has no form outside.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      for _, v in ipairs{ 0 / 0, 1 / 0, print, coroutine.create(print), { [1.5] = 1 }, { [{}] = 1 }, { 1, x = 2 }, "\255\254" } do pcall(kv.set, "k", v) end
      kv.set("k", 0 / 0)
    end,
  },
}
