-- Coroutines that wait inside of pcalls inside of pcalls, with what they hold there.
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
        keep[n] = coroutine.wrap(function()
          pcall(pcall, xpcall, function()
            local t = share(n)
            coroutine.yield()
            return t
          end, print)
        end)
        keep[n]()
      end
      return #keep
    end,
  },
}
