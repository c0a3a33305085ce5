-- Quotes what becomes four times as long, and formats with nothing but percent signs.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local zeros, percents = ("\0"):rep(1000000), ("%%"):rep(2000000)
      while true do
        string.format("%q", zeros)
        pcall(string.format, "%q", ("\0"):rep(4000000))
        string.format(percents)
      end
    end,
  },
}
