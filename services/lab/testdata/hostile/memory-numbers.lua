-- Keeps one of every 32 numbers, so that each keeps a block of them.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t, n = {}, 0
      while true do
        for i = 1, 31 do local x = i * 1.5 end
        n = n + 1
        t[n] = n * 0.37
      end
    end,
  },
}
