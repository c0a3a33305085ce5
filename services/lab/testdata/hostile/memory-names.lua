-- Asks for the text of ever new tables, which are numbered.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      while true do tostring({}) end
    end,
  },
}
