-- Lets == call itself.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt = {}
      mt.__eq = function(a, b) return a == b end
      local a, b = setmetatable({}, mt), setmetatable({}, mt)
      while true do pcall(function() return a == b end) end
    end,
  },
}
