local function risky() error("the first place") end

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local ok, message = pcall(risky)
      error(message, 0)
    end,
  },
}
