-- Recurses for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function f() return 1 + f() end
      f()
    end,
  },
}
