-- Steps on from a key of four megabytes, over and over.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t, key = {}, ("k"):rep(4000000)
      t[key] = 1
      while true do next(t, key) end
    end,
  },
}
