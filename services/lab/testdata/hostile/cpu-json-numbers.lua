-- Reads a list of numbers that are slow to read.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      local s = "[" .. ("2.4703282292062327208e-324,"):rep(1000) .. "1]"
      while true do json.decode(s) end
    end,
  },
}
