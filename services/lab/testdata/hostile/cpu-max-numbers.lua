-- The same at the top level, with the other end of the range.
local t = {}
for i = 1, 6900 do t[i] = "179769313486231580793e289" end
while true do math.max(unpack(t, 1, 6900)) end
