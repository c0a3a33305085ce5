-- Reads a number of four million digits.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      json.decode("[" .. ("1"):rep(4000000) .. "]")
    end,
  },
}
