-- A set of three megabytes, asked for each character.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local set = "[" .. ("%a-z"):rep(1000000) .. "]"
      while true do
        s = ("..."):gsub(set, "")
        s = ("..."):find("%f" .. set)
      end
    end,
  },
}
