-- Lets sixty coroutines wait with very deep stacks.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function deep(n) if n == 0 then coroutine.yield() else deep(n - 1) end return n end
      local t = {}
      for i = 1, 60 do
        t[i] = coroutine.create(function() deep(900) end)
        coroutine.resume(t[i])
      end
      while true do end
    end,
  },
}
