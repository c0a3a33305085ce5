-- Fills the stacks that pcall uses, from the innermost out, and lets go of them.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local function share(n)
        local t = {}
        for i = 1, 7 do t[i] = ("x"):rep(4000000 + n * 10 + i) end
        return t
      end
      local function fill(n) local a, b, c, d, e, f, g = unpack(share(n)) end
      local function nest(depth, last)
        if depth == last then return fill(depth) end
        pcall(nest, depth + 1, last)
      end
      for last = 4, 1, -1 do pcall(nest, 1, last) end
      local t, n = share(5), 0
      for i = 1, 3000000 do n = n + 1 end
      return #t + n
    end,
  },
}
