-- Makes a circle of metatables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local a, b = {}, {}
      setmetatable(a, { __index = b, __newindex = b })
      setmetatable(b, { __index = a, __newindex = a })
      while true do pcall(function() a.x = a.y end) end
    end,
  },
}
