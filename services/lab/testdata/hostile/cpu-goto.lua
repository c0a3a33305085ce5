-- Runs for ever without a loop statement.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      ::again:: goto again
    end,
  },
}
