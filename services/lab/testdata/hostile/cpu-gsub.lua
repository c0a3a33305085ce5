-- Replaces every letter of a long text by a function.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("x"):rep(100000)
      while true do s:gsub(".", function(c) return c end) end
    end,
  },
}
