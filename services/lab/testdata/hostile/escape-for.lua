-- Has a loop begin with a call, and raises what it was given.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local object = setmetatable({}, { __concat = function(a, b) error(b) end })
      local function f() return 1 end
      local ok, e = pcall(function() for x in f() .. object do end end)
      for x in f() .. object do end
    end,
  },
}
