-- Stores into a table through the metatable that all texts share.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      getmetatable("").__newindex = {}
      local i = 0
      while true do
        i = i + 1
        local s = "x"
        s["k" .. i] = ("v"):rep(30) .. i
      end
    end,
  },
}
