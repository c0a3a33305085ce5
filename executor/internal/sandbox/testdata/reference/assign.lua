-- Assignments to several variables, drawn at random, and what becomes of them. Run with lua5.1 it prints what assign.golden holds:
--   lua5.1 assign.lua > assign.golden
-- Each line stands for twenty programs. With a number behind it shows that one: its text and its answer.
local only = ... and tonumber((...))

local state = 1
local function draw(n)
  state = (state * 16807) % 2147483647
  return state % n + 1
end
local function one(list) return list[draw(#list)] end

local names = { "a", "b", "c", "u", "v", "g", "h" }
local expression

local function simple()
  return one { one(names), one(names), one(names), "1", "2", "'x'", "nil", "-3", "true" }
end

local function key()
  return one { ".x", ".y", "[1]", "[" .. one(names) .. " or 1]", "[f(1)]", draw(5) == 1 and "[" .. simple() .. "]" or ".x" }
end

local function place()
  return one { draw(3) == 1 and one(names) or "u", "f(o)", "o", "u", "self", "a" }
end

local function target()
  if draw(2) == 1 then return one { "a", "b", "c", "u", "v", "g", "h", "b", "c", "v", "h" } end
  return place() .. key()
end

function expression(depth)
  local kind = draw(depth > 2 and 3 or 12)
  if kind <= 3 then return simple() end
  if kind == 4 then return place() .. key() end
  if kind == 5 then return "f(" .. expression(depth + 1) .. ")" end
  if kind == 6 then return "(several(" .. expression(depth + 1) .. "))" end
  if kind == 7 then return "several(" .. expression(depth + 1) .. ", " .. expression(depth + 1) .. ")" end
  if kind == 8 then return expression(depth + 1) .. " and " .. expression(depth + 1) end
  if kind == 9 then return "(" .. expression(depth + 1) .. " or " .. expression(depth + 1) .. ")" end
  if kind == 10 then return "{ x = " .. expression(depth + 1) .. ", " .. expression(depth + 1) .. " }" end
  if kind == 11 then return "(function(...) return " .. expression(depth + 1) .. " end)()" end
  return one { "...", "(...)", "not " .. one(names), one(names) .. " == " .. one(names), "self:m(" .. simple() .. ")" }
end

local function list(n, make)
  local parts = {}
  for i = 1, n do parts[i] = make(0) end
  return table.concat(parts, ", ")
end

local function program()
  local lines = {}
  for i = 1, draw(3) do
    lines[i] = list(draw(4) + (draw(4) > 1 and 1 or 0), target) .. " = " .. list(draw(5), expression)
    if draw(5) == 1 then lines[i] = "for i = 1, 2 do " .. lines[i] .. " end" end
    if draw(5) == 1 then lines[i] = "local " .. one { "a", "b" } .. ", " .. one { "c", "g" } .. " = " .. simple() .. " " .. lines[i] end
  end
  return table.concat(lines, "\n")
end

local head = [[
local o, f, several, self, say, u, v = ...
return function(a, b, ...)
  local c = o
  local ok = pcall(function(...) if say == nil then a, b, c = 1 end end)
]]
local tail = [[

  say(a, b, c, u, v, g, h)
end]]

local function run(text)
  local log, ids, count = {}, {}, 0
  local function show(x)
    if type(x) == "function" then return "function" end
    if type(x) ~= "table" then return tostring(x) end
    if not ids[x] then
      count = count + 1
      ids[x] = "t" .. count
      local keys, fields = {}, {}
      for k in pairs(x) do keys[#keys + 1] = type(k) ~= "table" and tostring(k) or nil end
      table.sort(keys)
      for i, k in ipairs(keys) do fields[i] = k .. "=" .. show(rawget(x, tonumber(k) or k)) end
      return ids[x] .. "{" .. table.concat(fields, " ") .. "}"
    end
    return ids[x]
  end
  local function say(...)
    local parts = {}
    for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
    log[#log + 1] = table.concat(parts, " ")
  end
  local function watched(t)
    return setmetatable(t, {
      __index = function(_, k) if k ~= "m" then log[#log + 1] = "get " .. tostring(type(k) == "table" and "t" or k) end end,
      __newindex = function(t, k, y)
        if k == nil then error() end -- lua5.1 does not come here
        log[#log + 1] = "set " .. tostring(type(k) == "table" and "t" or k)
        rawset(t, k, y)
      end,
    })
  end
  local function f(...) log[#log + 1] = "f" return ... end
  local function several(...) log[#log + 1] = "s" return ..., 5, 6, 7 end
  local o, self = watched {}, watched {}
  rawset(self, "m", function(_, x) log[#log + 1] = "m" return x, 8 end)
  g, h = watched { x = o }, 11
  local chunk = assert(loadstring(text))
  local ok = pcall(chunk(o, f, several, self, say, watched { y = 4 }, 12), watched { 1, 2 }, 13, 21, 22, 23)
  log[#log + 1] = ok and "" or "failed"
  say(o, self, g, h)
  return table.concat(log, ";")
end

local function digest(s, d)
  for i = 1, #s do d = (d * 31 + s:byte(i)) % 4294967296 end
  return d
end

local d, failed = 0, 0
for n = 1, 1600 do
  local text = head .. program() .. tail
  local answer = run(text)
  if n == only then print(text) print(answer) end
  if answer:find("failed", 1, true) then failed = failed + 1 end
  d = digest(answer, d)
  if n % 20 == 0 and not only then
    print(string.format("%d %.0f", n, d))
    d = 0
  end
end
if not only then print("failed " .. failed) end
