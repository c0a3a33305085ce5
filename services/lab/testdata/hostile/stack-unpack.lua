-- Spreads a hundred million values.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      unpack({}, 1, 1e8)
    end,
  },
}
