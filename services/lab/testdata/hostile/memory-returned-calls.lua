-- Calls functions that hold much, one after the other in sixty coroutines, and overwrites all but the calls.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function share(n)
        local t = {}
        for i = 1, 7 do t[i] = ("x"):rep(4000000 + n * 10 + i) end
        return t
      end
      local waiting = {}
      for n = 1, 60 do
        waiting[n] = coroutine.wrap(function()
          local t = share(n)
          local f = function() return #t end
          f()
          t, f = nil, nil
          local a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
          coroutine.yield(a + b + c + d + e + f + g + h)
        end)
        waiting[n]()
      end
      return #waiting
    end,
  },
}
