-- An error that is over holds as much as a run may, and then something else does.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function share(n)
        local t = {}
        for i = 1, 7 do t[i] = ("x"):rep(4000000 + n * 10 + i) end
        return t
      end
      pcall(error, share(1), 0)
      local t, n = share(2), 0
      for i = 1, 3000000 do n = n + 1 end
      return #t + n
    end,
  },
}
