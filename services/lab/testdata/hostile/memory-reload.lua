-- Loads much, and changes something in each run so that it is loaded again.
keep = {}
for j = 1, 2 do
  local t = {}
  for i = 1, 140000 do t[i] = {} end
  keep[j] = t
end
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      x = 1
      return #keep
    end,
  },
}
