-- Keeps numbers that are slow to read, and reads them.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local t = {}
      for i = 1, 10000 do t[i] = 5e-324 * i end
      kv.set("n", t)
      for i = 1, 200 do kv.get("n") end
    end,
  },
}
