-- Computes as long as it may, and says nothing.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      for i = 1, 4000000 do end
    end,
  },
}
