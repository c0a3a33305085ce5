-- Reaches for the metatable of the event.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt = getmetatable(event)
      if mt then mt.__index = function() return "leak" end end
      setmetatable(event, { __index = function(t, k) return t[k] end })
      return event.nothing
    end,
  },
}
