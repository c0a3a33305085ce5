-- Changes what texts can do, and looks at the event that comes next.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local n = 0
      for k in pairs(event) do n = n + 1 end
      if n == 0 or getmetatable(event) then error("saw a machine that another run has changed") end
      string.rep = function() return "x" end
      getmetatable("").__index = function() return string.rep end
    end,
  },
}
