-- Yields as the last call of a function, and of the coroutine's own.
local function show(...)
  local t = { ... }
  for i = 1, select("#", ...) do t[i] = tostring((select(i, ...))) end
  print(table.concat(t, " "))
end
local bodies = {
  function() return coroutine.yield() end,
  function(...) return coroutine.yield(...) end,
  function() local a = 1 return coroutine.yield(a) end,
  function() local function f() return coroutine.yield(1) end local x = f() return x end,
  function() return (coroutine.yield(1, 2)) end,
  function(...) return select("#", coroutine.yield(...)) end,
}
for i, body in ipairs(bodies) do
  local co = coroutine.create(body)
  show(i, coroutine.resume(co, 1, nil, 3))
  show(coroutine.status(co))
  show(coroutine.resume(co, 7, 8, nil))
  show(coroutine.status(co))
  show(coroutine.resume(co))
end
local w = coroutine.wrap(function(...) return coroutine.yield(...) end)
show(w(1, 2)) show(w(3)) show(pcall(w))
show((select(2, pcall(error, 0/0, 0))) ~= 0)
show(select(2, pcall(error, 0/0)) ~= select(2, pcall(error, 0/0)))
show((coroutine.resume(coroutine.create(function() error(0/0, 0) end))))
show(pcall(coroutine.wrap(function() error({}) end)) == false)

-- What a yield is given is as many values as are wanted.
local yield = coroutine.yield
local function try(f, ...)
  local co = coroutine.create(f)
  coroutine.resume(co)
  show(coroutine.resume(co, ...))
end
for _, args in ipairs{ {}, {1}, {1,2,3} } do
  local n = #args
  try(function() local x, y, z = 9, 8, 7 local a, b = yield() return a, b, x, y, z end, unpack(args))
  try(function() return (yield()) end, unpack(args))
  try(function() return { (yield()) } end == nil and 1 or function() local t = { (yield()) } return #t, t[1] end, unpack(args))
  try(function() local t = { yield() } return #t, t[1], t[2], t[3] end, unpack(args))
  try(function() local t = { yield(), 5 } return #t, t[1], t[2], t[3] end, unpack(args))
  try(function() return select("#", (yield())) end, unpack(args))
  try(function() return select("#", yield()) end, unpack(args))
  try(function() return select("#", 4, (yield())) end, unpack(args))
  try(function() local s = (yield() or 4) + 1 return s end, unpack(args))
  try(function() local q = 5 yield() return q end, unpack(args))
  try(function() yield() local a, b, c return a, b, c end, unpack(args))
  try(function() local a a = yield() local b return a, b end, unpack(args))
  try(function() local a, b, c = 4, yield() return a, b, c end, unpack(args))
  try(function() local a, b, c = yield(), 4 return a, b, c end, unpack(args))
  try(function() if yield() then return "yes" end return "no" end, unpack(args))
  try(function() while not yield() do return "no" end return "yes" end, unpack(args))
  try(function() local t = {} t[yield() or 3] = 7 return t[1], t[3] end, unpack(args))
  try(function() local t = {} t.x, t.y = yield() return t.x, t.y end, unpack(args))
  try(function() return "a" .. (yield() or "n") .. "b" end, unpack(args))
  try(function() for i = 1, 2 do local a, b = i, (yield()) if i == 2 then return a, b end return i, b end end, unpack(args))
  try(function() local function f(...) return ... end return f(yield()) end, unpack(args))
  try(function() local function f(...) return ... end return f((yield())) end, unpack(args))
  try(function() local function f() return yield() end local a, b = f() local c return a, b, c end, unpack(args))
  try(function() local function f() return (yield()) end local a, b = f() local c return a, b, c end, unpack(args))
  try(function() return yield() == nil, (yield()) end, unpack(args))
  try(function(...) local a, b = (function(...) return yield(...) end)(...) return a, b end, unpack(args))
end
-- Inside pcall there is no yield in Lua 5.1; a coroutine around it goes on as before.
local co = coroutine.wrap(function() local ok, n = pcall(function(a, b) return b end, 1) return ok, n, (coroutine.yield()) end)
co() show(co(4, 5))
