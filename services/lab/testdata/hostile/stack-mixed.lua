-- Recurses through every way of calling at once.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt, f = {}
      mt.__index = function(t, k) return f() end
      mt.__add = function() return f() end
      mt.__tostring = function() return f() end
      f = function()
        local t = setmetatable({}, mt)
        pcall(function() return t.x end)
        pcall(function() return t + 1 end)
        table.sort({ 2, 1 }, function() f() end)
        ;("x"):gsub("x", f)
        coroutine.wrap(f)()
        return tostring(t)
      end
      f()
    end,
  },
}
