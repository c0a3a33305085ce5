-- Joins the same long list for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 100000 do t[i] = "xxxxxxxxxx" end
      while true do table.concat(t, ",") end
    end,
  },
}
