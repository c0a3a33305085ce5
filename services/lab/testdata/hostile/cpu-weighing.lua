-- Holds very many keys and makes garbage, so that it is weighed again and again.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 120000 do t["k" .. i] = true end
      while true do local s = ("y"):rep(100000) end
    end,
  },
}
