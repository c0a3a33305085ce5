-- Readers of load that load, each with a text that is not compiled yet.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local piece = (" "):rep(65000)
      local function nest(n)
        local read = false
        return load(function()
          if not read then read = true return piece end
          if n > 0 then nest(n - 1) end
        end)
      end
      nest(300)
    end,
  },
}
