-- Nests coroutines for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function f() coroutine.wrap(f)() end
      f()
    end,
  },
}
