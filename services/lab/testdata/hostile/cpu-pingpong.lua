-- Two coroutines hand the CPU to each other.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local a, b
      a = coroutine.create(function() while true do coroutine.yield() end end)
      b = coroutine.create(function() while true do coroutine.resume(a) coroutine.yield() end end)
      while true do coroutine.resume(b) end
    end,
  },
}
