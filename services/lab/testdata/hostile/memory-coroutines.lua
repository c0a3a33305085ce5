-- Makes coroutines and keeps them.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      while true do t[#t + 1] = coroutine.create(function() coroutine.yield() end) coroutine.resume(t[#t]) end
    end,
  },
}
