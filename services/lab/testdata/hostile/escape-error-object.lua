-- Ends with an error that fights back when it is shown.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      error(setmetatable({}, { __tostring = function() while true do end end, __concat = function() while true do end end, __index = function() while true do end end }))
    end,
  },
}
