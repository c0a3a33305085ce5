-- Yields to whoever called the handler.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      coroutine.yield(1, 2, 3)
    end,
  },
}
