-- Iterates over matches that are found after a long search.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("a"):rep(1000000)
      while true do for x in s:gmatch("a-b") do end end
    end,
  },
}
