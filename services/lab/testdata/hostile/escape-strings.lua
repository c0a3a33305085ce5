-- Changes the methods that texts have, for everybody.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      getmetatable("").__index = function() return function() return "mine" end end
      string.lower = function() return "mine" end
      string.format = nil
      _G.print = nil
      return ("x"):lower()
    end,
  },
}
