-- Compiles thousands of functions while it is loaded, and keeps them.
local s = ("f = function() end "):rep(199)
keep = {}
for i = 1, 300 do keep[i] = assert(loadstring(s)) end
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      return 1
    end,
  },
}
