-- Wrapped coroutines that have ended, and iterators that never began, all kept.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local keep = {}
      while true do
        local f = coroutine.wrap(function() end)
        f()
        keep[#keep + 1] = { f, ("ab"):gmatch("a") }
      end
    end,
  },
}
