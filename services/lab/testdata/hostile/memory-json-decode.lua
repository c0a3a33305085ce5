-- Reads JSON that is small as text and large as tables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      local all = {}
      while true do all[#all + 1] = json.decode("[" .. ("{},"):rep(100000) .. "{}]") end
    end,
  },
}
