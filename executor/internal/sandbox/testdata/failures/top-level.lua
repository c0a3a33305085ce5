local words = nil
for _, w in ipairs(words) do print(w) end
return { events = {} }
