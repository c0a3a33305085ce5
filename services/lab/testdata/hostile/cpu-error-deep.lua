-- Raises from deep inside, so that every error has a long trace.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function f(n) if n == 0 then error("deep") end f(n - 1) local x end
      while true do pcall(f, 150) end
    end,
  },
}
