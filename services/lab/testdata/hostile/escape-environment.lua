-- Loads text that breaks out of its environment.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local f = loadstring("leak = 1 return _G")
      local g = f()
      g.print, g.string.rep = nil, nil
      rawset(g, "_G", nil)
      setmetatable(g, { __index = function() return g end, __newindex = function() end })
      return leak
    end,
  },
}
