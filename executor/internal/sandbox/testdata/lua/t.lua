-- What the tests in this folder check with.
local t = {}

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b or (a ~= a and b ~= b) end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  for k in pairs(b) do if a[k] == nil then return false end end
  return true
end

local function show(v)
  if type(v) == "string" then return string.format("%q", v) end
  if type(v) ~= "table" then return tostring(v) end
  local parts = {}
  for k, x in pairs(v) do parts[#parts + 1] = "[" .. show(k) .. "]=" .. show(x) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

-- eq wants got to be the other values, one by one.
function t.eq(got, want)
  if not same(got, want) then error("got " .. show(got) .. ", want " .. show(want), 2) end
end

-- all wants the results of a call to be these, no more and no fewer.
function t.all(got, ...)
  local want = {n = select("#", ...), ...}
  if got.n ~= want.n then error("got " .. got.n .. " values " .. show(got) .. ", want " .. want.n, 2) end
  if not same(got, want) then error("got " .. show(got) .. ", want " .. show(want), 2) end
end

function t.pack(...) return {n = select("#", ...), ...} end

-- raises wants the call to fail with a message that contains text.
function t.raises(text, f, ...)
  local ok, message = pcall(f, ...)
  if ok then error("it did not fail, want: " .. text, 2) end
  if not string.find(tostring(message), text, 1, true) then error("it failed with " .. show(message) .. ", want: " .. text, 2) end
end

return t
