-- Ever more values on ever more levels of tail calls, in coroutines and out.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function more(n, ...)
        if n == 0 then return ... end
        return more(n - 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...)
      end
      local failed = 0
      for i = 1, 2 do
        local co = coroutine.create(function() return select("#", more(3300)) end)
        if not coroutine.resume(co) then failed = failed + 1 end
        if not pcall(more, 3300) then failed = failed + 1 end
      end
      return failed
    end,
  },
}
