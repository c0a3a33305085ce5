-- Reaches for the value that stands for null, which all templates share.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      pcall(setmetatable, json.null, { __tostring = function() return "leak" end })
      pcall(function() json.null.leak = 1 end)
      pcall(rawset, json.null, "leak", 1)
      return tostring(json.null)
    end,
  },
}
