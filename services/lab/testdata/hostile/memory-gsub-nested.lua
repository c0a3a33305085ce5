-- Builds results inside of results that are being built.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("x"):rep(1000)
      local big = ("y"):rep(3000)
      local function f(n) return (s:gsub("x", function() if n > 0 then return f(n - 1) end return big end)) end
      f(100)
    end,
  },
}
