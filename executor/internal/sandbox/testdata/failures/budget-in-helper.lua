local function spin(n)
  for i = 1, n do
    local s = i * 2
  end
end

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      spin(10)   spin(1e9)
    end,
  },
}
