-- Keeps variables of coroutines that have ended, and with them their stacks.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      local function deep(n, ...) if n > 0 then return deep(n - 1, ...), 1 end end
      while true do
        local co = coroutine.wrap(function() local x = {} t[#t + 1] = function() return x end deep(800) end)
        co()
      end
    end,
  },
}
