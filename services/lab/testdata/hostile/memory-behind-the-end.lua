-- Fills lists with long texts and removes them, so that they stay behind the end.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local all = {}
      while true do
        local t = {}
        for i = 1, 20 do t[i] = ("x"):rep(500000) .. i end
        for i = 1, 20 do table.remove(t) end
        all[#all + 1] = t
      end
    end,
  },
}
