-- Makes the event a table of its own many times.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      local t = {}
      for i = 1, 1e6 do t[i] = json.decode(json.encode(event)) end
    end,
  },
}
