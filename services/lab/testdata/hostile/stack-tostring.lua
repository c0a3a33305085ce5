-- Recurses through __tostring.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt = {}
      mt.__tostring = function(t) return tostring(setmetatable({}, mt)) end
      while true do pcall(tostring, setmetatable({}, mt)) end
    end,
  },
}
