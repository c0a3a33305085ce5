local function work()
  pcall(function()
    while true do
      local s = 1
    end
  end)
end

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      xpcall(work, print)
    end,
  },
}
