-- Uses keys that try to leave its own part of the store.
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local mine = ctx.tenant
      for _, key in ipairs{ "../x", "g-1.other.key", "*", ">", "a.b.c", "$KV.state.x", "a b", "\0", "\r\nPUB x 1", "%2e%2e", "é", ".", "..", ("x"):rep(500) } do
        local ok, v = pcall(kv.get, key)
        if ok and v ~= nil and v ~= mine then return "read another tenant's " .. key end
        pcall(kv.set, key, mine)
      end
      for _, key in ipairs(kv.list("", 1000)) do
        if kv.get(key) ~= mine then return "listed another tenant's " .. key end
      end
    end,
  },
}
