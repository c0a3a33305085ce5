-- Goes on in the handler of the error that ends it.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      xpcall(function() while true do end end, function() while true do end end)
      while true do end
    end,
  },
}
