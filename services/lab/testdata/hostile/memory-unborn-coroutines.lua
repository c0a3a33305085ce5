-- Sixty coroutines that never begin, each with a function that has almost all that a run may hold.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function share(n)
        local t = {}
        for i = 1, 7 do t[i] = ("x"):rep(4000000 + n * 10 + i) end
        return t
      end
      local keep = {}
      for n = 1, 60 do
        local t = share(n)
        keep[n] = coroutine.create(function() return t end)
      end
      return #keep
    end,
  },
}
