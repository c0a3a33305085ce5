-- Loops in a coroutine, where gopher-lua would not count.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local co = coroutine.wrap(function() while true do end end)
      pcall(co)
      while true do coroutine.wrap(function() for i = 1, 1e9 do end end)() end
    end,
  },
}
