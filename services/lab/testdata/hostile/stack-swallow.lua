-- Catches every stack overflow and goes on from there.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function f() pcall(f) f() end
      f()
    end,
  },
}
