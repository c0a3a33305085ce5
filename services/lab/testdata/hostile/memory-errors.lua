-- Keeps long error messages.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      local key = ("k"):rep(3000000)
      while true do
        local ok, e = pcall(function() local x = nil return x[key] end)
        t[#t + 1] = e
      end
    end,
  },
}
