-- Conditions, loops, closures and calls, drawn at random, and what becomes of them. Run with lua5.1 it prints what code.golden holds:
--   lua5.1 code.lua > code.golden
-- Each line stands for twenty programs. With a number behind it shows that one: its text and its answer.
local only = ... and tonumber((...))

local state = 1
local function draw(n)
  state = (state * 16807) % 2147483647
  return state % n + 1
end
local function one(list) return list[draw(#list)] end

local names = { "a", "b", "c", "p", "q", "u", "g" }
local expression, block

local function simple() return one { one(names), one(names), "1", "2", "nil", "false", "true", "'x'", "-3" } end

local function comparison(d)
  return one { expression(d) .. " == " .. expression(d), expression(d) .. " ~= " .. expression(d), "n(" .. expression(d) .. ") < n(" .. expression(d) .. ")",
    "n(" .. expression(d) .. ") >= 2", "1 > n(" .. expression(d) .. ")", "n(" .. expression(d) .. ") <= n(" .. expression(d) .. ")" }
end

function expression(d)
  local kind = draw(d > 3 and 3 or 18)
  d = d + 1
  if kind <= 3 then return simple() end
  if kind == 4 then return "f(" .. expression(d) .. ")" end
  if kind == 5 then return "(several(" .. expression(d) .. "))" end
  if kind <= 8 then return "(" .. expression(d) .. " and " .. expression(d) .. ")" end
  if kind <= 11 then return "(" .. expression(d) .. " or " .. expression(d) .. ")" end
  if kind == 12 then return "not " .. expression(d) end
  if kind <= 14 then return "(" .. comparison(d) .. ")" end
  if kind == 15 then return "n(" .. expression(d) .. ") " .. one { "+", "-", "*" } .. " n(" .. expression(d) .. ")" end
  if kind == 16 then return "(function(...) return " .. expression(d) .. " end)(" .. expression(d) .. ")" end
  if kind == 17 then return "#{ " .. simple() .. ", several(" .. expression(d) .. ") }" end
  return one { "(...)", "n(" .. simple() .. ") .. n(" .. simple() .. ") .. 'y'", "-n(" .. expression(d) .. ")", "select('#', several(" .. expression(d) .. "), ...)",
    "({ x = " .. expression(d) .. " }).x", "({ " .. expression(d) .. ", ... })[" .. draw(3) .. "]", "o:m(" .. expression(d) .. ")" }
end

local function condition(d) return one { expression(d), comparison(d), expression(d) .. " and " .. comparison(d), comparison(d) .. " or " .. expression(d), "not " .. expression(d) .. " or " .. comparison(d) } end

local labels = 0
local function statement(d, loop)
  local kind = draw(d > 3 and 6 or 17)
  d = d + 1
  if kind <= 2 then return one(names) .. " = " .. expression(d) end
  if kind == 3 then return "say(" .. expression(d) .. ", " .. expression(d) .. ")" end
  if kind == 4 then return "local " .. one(names) .. " = " .. expression(d) end
  if kind == 5 then return "local " .. one(names) .. ", " .. one(names) .. " = " .. expression(d) end
  if kind == 6 then return one { "f(" .. expression(d) .. ")", "fs[#fs + 1] = function(...) " .. one(names) .. " = " .. expression(3) .. " return " .. one(names) .. " end" } end
  if kind <= 8 then return "if " .. condition(d) .. " then " .. block(d, loop) .. " end" end
  if kind == 9 then return "if " .. condition(d) .. " then " .. block(d, loop) .. " else " .. block(d, loop) .. " end" end
  if kind == 10 then return "if " .. condition(d) .. " then " .. block(d, loop) .. " elseif " .. condition(d) .. " then " .. block(d, loop) .. " else " .. block(d, loop) .. " end" end
  if kind == 11 then return "for " .. one(names) .. " = " .. draw(3) .. ", 3 do " .. block(d, true) .. " end" end
  if kind == 12 then return "while more() and (" .. condition(d) .. ") do " .. block(d, true) .. " end" end
  if kind == 13 then return "repeat " .. block(d, true) .. " until not more() or (" .. condition(d) .. ")" end
  if kind == 14 then return "for " .. one(names) .. ", " .. one(names) .. " in ipairs { " .. expression(d) .. ", " .. simple() .. " } do " .. block(d, true) .. " end" end
  if kind == 15 then return loop and "if " .. condition(d) .. " then break end" or "do " .. block(d, loop) .. " end" end
  if kind == 16 then return "if " .. condition(d) .. " then return " .. expression(d) .. ", " .. expression(d) .. " end" end
  return "do local " .. one(names) .. " = " .. expression(d) .. " " .. block(d, loop) .. " end"
end

function block(d, loop)
  local lines = {}
  for i = 1, draw(3) do lines[i] = statement(d, loop) end
  return table.concat(lines, " ")
end

local head = [[
local say, more, f, several, n, o, fs, u = ...
return function(p, q, ...)
  local a, b, c = 1, nil, 'z'
]]
local tail = [[

  for i = 1, #fs do say(fs[i](i)) if i > 5 then break end end
  say(a, b, c, p, q, u, g)
  return a, b, c
end]]

local function run(text)
  local log, steps = {}, 0
  local function show(x) return type(x) == "table" and "table" or type(x) == "function" and "function" or x == 0 and "0" or tostring(x) end
  local function say(...)
    local parts = {}
    for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
    log[#log + 1] = table.concat(parts, " ")
  end
  local function more()
    steps = steps + 1
    return steps % 4 ~= 0 and steps < 200
  end
  local function f(x) log[#log + 1] = "f" .. show(x) return x end
  local function several(...) return ..., 5, 6 end
  local function n(x) return type(x) == "number" and math.abs(x) < 1e9 and x or x and 1 or 0 end
  local o = { m = function(self, x) return x end }
  g = 7
  local chunk = assert(loadstring(text))
  local ok, x, y = pcall(chunk(say, more, f, several, n, o, {}, 9), 3, false, 21, nil, 23)
  say(ok, ok and show(x), ok and show(y))
  return table.concat(log, ";"), ok
end

local function digest(s, d)
  for i = 1, #s do d = (d * 31 + s:byte(i)) % 4294967296 end
  return d
end

local d, failed = 0, 0
for n = 1, 100 do
  local text = head
  for i = 1, 4 do text = text .. statement(0, false) .. "\n" end
  text = text .. tail
  local answer, ok = run(text)
  if n == only then print(text) print(answer) end
  if not ok then failed = failed + 1 end
  d = digest(answer, d)
  if n % 20 == 0 and not only then
    print(string.format("%d %.0f", n, d))
    d = 0
  end
end
if not only then print("failed " .. failed) end
