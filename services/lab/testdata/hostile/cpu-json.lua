-- Reads and writes JSON for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      local t = {}
      for i = 1, 2000 do t[i] = { a = i, b = "text", c = { 1, 2, 3 } } end
      while true do json.decode(json.encode(t)) end
    end,
  },
}
