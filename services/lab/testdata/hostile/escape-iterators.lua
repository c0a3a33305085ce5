-- Changes the iterators and the coroutine library.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      for _, f in ipairs{ "pairs", "ipairs", "next", "pcall", "error", "type", "tostring", "select" } do _G[f] = function() while true do end end end
      for k in string.gmatch("create resume wrap yield status running", "%a+") do coroutine[k] = nil end
      table.sort, table.concat, math.floor = nil, nil, nil
      pcall()
    end,
  },
}
