-- A __concat answers with the text so far: each concatenation joins more than any text may have.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local long, text = ("x"):rep(4000000), ""
      local object = setmetatable({}, { __concat = function() return text end })
      while true do text = long .. "b" .. object end
    end,
  },
}
