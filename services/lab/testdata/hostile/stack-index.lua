-- Recurses through __index.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt = {}
      mt.__index = function(t, k) return t[k .. "x"] end
      local x = setmetatable({}, mt).a
    end,
  },
}
