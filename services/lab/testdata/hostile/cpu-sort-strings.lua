-- Sorts long texts that differ in their last letter.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s, t = ("x"):rep(100000), {}
      for i = 1, 100 do t[i] = s .. i end
      while true do table.sort(t, nil) t[1], t[100] = t[100], t[1] end
    end,
  },
}
