-- Catches the error that ends it, for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      while true do
        pcall(function() while true do end end)
      end
    end,
  },
}
