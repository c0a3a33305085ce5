-- Keeps a variable of a block that it leaves by break, and looks at what comes to be there.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local get, set
      while true do
        do
          local a, b, c, x = 1, 2, 3, "mine"
          get, set = function() return x end, function(v) x = v end
          break
        end
      end
      local seen
      pcall(function() seen = get() set(nil) end, "A", "B", "C")
      if seen ~= "mine" then error("saw " .. tostring(seen)) end
      error(get())
    end,
  },
}
