-- Reads a value of twenty thousand fields two hundred times.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local t = {}
      for i = 1, 20000 do t["k" .. i] = 1 end
      kv.set("n", t)
      for i = 1, 200 do kv.get("n") end
    end,
  },
}
