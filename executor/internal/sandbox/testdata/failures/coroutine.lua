local function fail(what)
  error("cannot " .. what)
end

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local co = coroutine.wrap(function()
        fail("go on")
      end)
      co()
    end,
  },
}
