-- Answers # with a metamethod that asks again.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt = {}
      mt.__len = function(t) return #t + 1 end
      while true do pcall(function() return #setmetatable({}, mt) end) end
    end,
  },
}
