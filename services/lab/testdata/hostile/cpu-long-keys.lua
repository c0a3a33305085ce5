-- Uses megabytes as a table key: each access hashes all of it.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local k = ("k"):rep(3000000)
      local t = { [k] = 1 }
      while true do local _ = t[k] t[k] = 2 rawget(t, k) end
    end,
  },
}
