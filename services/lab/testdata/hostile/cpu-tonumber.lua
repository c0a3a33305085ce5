-- Reads numbers from megabytes.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = (" "):rep(2000000) .. "1"
      while true do tonumber(s) tonumber(s, 36) end
    end,
  },
}
