-- Very many tables with one key each: of all kinds that go to the hash part.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local keep = {}
      while true do
        local t = {}
        t[-1] = true
        local u = {}
        u[t] = true
        local v = {}
        v.a = true
        keep[#keep + 1] = { t, u, v }
      end
    end,
  },
}
