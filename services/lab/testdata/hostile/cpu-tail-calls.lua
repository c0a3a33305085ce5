-- Calls itself for ever in a way that needs no stack.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function f() return f() end
      f()
    end,
  },
}
