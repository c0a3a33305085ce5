-- A plain search that almost matches everywhere.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("a"):rep(3000000)
      while true do s:find(("a"):rep(1000000) .. "b", 1, true) end
    end,
  },
}
