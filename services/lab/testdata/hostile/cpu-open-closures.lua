-- Closures over a hundred and fifty variables each, on a stack where twenty thousand are open: each is looked for one by one.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local names = { "v1" }
      for i = 2, 150 do names[i] = "v" .. i end
      names = table.concat(names, ",")
      local text = "local function deep(n) local " .. names .. " local function all() return " .. names .. [[ end
        if n > 0 then return (deep(n - 1)) end
        while true do (function() end)() end
      end
      deep(150)]]
      assert(loadstring(text))()
    end,
  },
}
