-- Raises what is no number, everywhere.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      pcall(error, 0/0, 0)
      pcall(coroutine.wrap(function() error(0/0, 0) end))
      error(0/0, 0)
    end,
  },
}
