-- Looks for addresses of the machine, which would differ from run to run.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = tostring({}) .. tostring(print) .. tostring(coroutine.create(print)) .. tostring(event)
      local ok, e = pcall(function() local x = nil return x[{}] end)
      assert(not s:find("0x") and not tostring(e):find("0x"), "an address")
      error(s)
    end,
  },
}
