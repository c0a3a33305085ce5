return {
  events = {
    READY = print,
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      t[1] = t
      return t
    end,
  },
}
