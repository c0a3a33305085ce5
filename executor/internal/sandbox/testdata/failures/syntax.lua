return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.content == "x" then
        return 1
    end,
  },
}
