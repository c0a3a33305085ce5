-- Leaves marks wherever it can and looks for marks of others.
n = 0
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      local places = { _G, string, table, math, coroutine, kv, getmetatable(""), event, ctx }
      for i, p in ipairs(places) do
        if rawget(p, "mark") ~= nil then error("saw a mark in place " .. i .. ": " .. tostring(p.mark)) end
        p.mark = ctx.tenant
      end
      n = n + 1
      if n > 1 then error("saw the count of an earlier run") end
    end,
  },
}
