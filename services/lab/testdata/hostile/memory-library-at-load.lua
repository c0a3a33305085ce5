-- Keeps what it makes in a library table that it has put there while it was loaded.
string.g = {}
local function put(x) local t = string.g t[#t + 1] = x t = nil x = nil end
local function wipe() local a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t end
return { events = { MESSAGE_CREATE = function()
  for i = 1, 1000 do
    put(("x"):rep(1000000) .. i) wipe()
  end
  return #string.g
end } }
