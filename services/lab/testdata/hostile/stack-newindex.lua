-- Recurses through __newindex.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt = {}
      mt.__newindex = function(t, k, v) t[k + 1] = v end
      setmetatable({}, mt)[1] = 1
    end,
  },
}
