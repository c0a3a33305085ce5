-- Joins a million long texts.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s, t = ("x"):rep(1000), {}
      for i = 1, 1000000 do t[i] = s end
      local x = table.concat(t)
    end,
  },
}
