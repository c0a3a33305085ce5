-- Nests pcall for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function f() return pcall(f) end
      f()
      while true do f() end
    end,
  },
}
