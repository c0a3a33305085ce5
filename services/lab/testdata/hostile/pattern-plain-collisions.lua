-- A plain search in a Thue-Morse text, whose pieces all have the same rolling hash.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function flip(s) return (s:gsub(".", { a = "b", b = "a" })) end
      local a = "a"
      for i = 1, 7 do a = a .. flip(a) end
      local b = flip(a)
      local text, wanted = b:rep(32000), b:rep(15999) .. a
      while true do text:find(wanted, 1, true) end
    end,
  },
}
