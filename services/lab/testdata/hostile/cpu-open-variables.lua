-- Keeps ten thousand variables open that closures share: every return walks over all of them.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function deep(n)
        local a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
        local all = function() return a, b, c, d, e, f, g, h end
        if n > 0 then deep(n - 1) else
          local function small() end
          while true do small() end
        end
        all()
      end
      deep(900)
    end,
  },
}
