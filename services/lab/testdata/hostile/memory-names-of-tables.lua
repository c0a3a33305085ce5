-- Has a hundred thousand tables named.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      for i = 1, 150000 do tostring({}) end
    end,
  },
}
