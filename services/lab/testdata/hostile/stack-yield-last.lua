-- Yields as the last call of all.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local w = coroutine.wrap(function(...) return coroutine.yield(...) end)
      w(1) w(2)
      local y = coroutine.wrap(coroutine.yield)
      y(1) y(2)
      coroutine.wrap(setmetatable({}, { __call = coroutine.yield }))()
    end,
  },
}
