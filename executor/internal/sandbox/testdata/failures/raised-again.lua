local function work()
  return nil + 1
end

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local ok, message = pcall(work)
      if not ok then error(message) end
    end,
  },
}
