-- Catches the end of the run in nested coroutines.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function deep(n)
        local co = coroutine.create(function()
          if n > 0 then deep(n - 1) end
          while true do coroutine.yield() end
        end)
        while true do coroutine.resume(co) end
      end
      deep(20)
    end,
  },
}
