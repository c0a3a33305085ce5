-- Writes one long text a thousand times.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      local s, t = ("\1"):rep(100000), {}
      for i = 1, 1000 do t[i] = s end
      json.encode(t)
    end,
  },
}
