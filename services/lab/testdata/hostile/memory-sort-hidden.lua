-- A comparison takes everything out of the list that is being sorted, and sorts another.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function share(n)
        local t = {}
        for i = 1, 7 do t[i] = ("x"):rep(4000000 + n * 10 + i) end
        return t
      end
      local function nest(n)
        while n == 0 do end
        local t = share(n)
        table.sort(t, function()
          for i = 1, 7 do t[i] = nil end
          t = {}
          nest(n - 1)
          return false
        end)
      end
      nest(60)
    end,
  },
}
