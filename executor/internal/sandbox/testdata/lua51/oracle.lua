-- Runs the cases of TestDifferences, one on each line of its input, in a Lua 5.1 interpreter, and writes what each observed.
local out

local function quote(s)
  s = string.gsub(s, "%f[%w]case:%d+:", "case:")
  for _, kind in ipairs { "function", "table", "thread", "userdata" } do
    s = string.gsub(s, "%f[%w]" .. kind .. ": 0x%x+", kind .. ": address")
  end
  return '"' .. string.gsub(s, '.', function(c)
    if c < ' ' or c > '~' or c == '"' or c == '\\' then return string.format("\\%03d", string.byte(c)) end
  end) .. '"'
end

local function number(n, format)
  if n ~= n then return "nan" end
  if n == 1 / 0 then return "Inf" end
  if n == -1 / 0 then return "-Inf" end
  return string.format(format, n)
end

local function show(v, depth)
  local kind = type(v)
  if kind == "number" then return number(v, "%.17g") end
  if kind == "string" then return quote(v) end
  if kind ~= "table" then return v == nil and "nil" or (kind == "boolean" and tostring(v) or kind) end
  if depth == 0 then return "{…}" end
  local parts = {}
  for k, x in next, v do parts[#parts + 1] = show(k, depth - 1) .. "=" .. show(x, depth - 1) end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end

local environment = {
  observe = function(...)
    local parts = {}
    for i = 1, select("#", ...) do parts[i] = show((select(i, ...)), 3) end
    out[#out + 1] = table.concat(parts, " ")
  end,
  near = function(...)
    local values = { ... }
    for i = 1, select("#", ...) do
      if type(values[i]) == "number" then values[i] = number(values[i], "%.12g") end
    end
    return unpack(values, 1, select("#", ...))
  end,
}

print = function() end -- what a case prints is not an answer

for line in io.lines() do
  out = {}
  for k, v in pairs(environment) do _G[k] = v end
  local f, problem = loadstring(line, "=case")
  local ok = f
  if f then ok, problem = pcall(f) end
  if not ok then out[#out + 1] = "BROKEN " .. quote(tostring(problem)) end
  io.write(table.concat(out, "; "), "\n")
  io.flush()
end
