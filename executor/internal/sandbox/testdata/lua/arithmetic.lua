--== text is read as tonumber reads it
t.eq("010" + 1, 11)
t.eq("08" * 60 + "010", 490)
t.eq("10" - "3", 7)
t.eq(10 / "4", 2.5)
t.eq("7" % 4, 3)
t.eq("-7" % "4", 1)
t.eq("2" ^ "10", 1024)
t.eq(-"010", -10)
t.eq(" 0x10 " + 0, 16)
t.eq("1e2" + 0, 100)
t.eq("1e400" + 0, math.huge)
t.eq("\n5\t" + 1, 6)
for _, s in ipairs { "010", "1e3", " 12 ", "0x1F", "-3", ".5", "5." } do t.eq(s + 0, tonumber(s)) end

--== text that is no number
local wrong = "attempt to perform arithmetic on"
for _, s in ipairs { "1_000", "0b11", "0o7", "", " ", "x", "1e", "--1", "1 2", ("9"):rep(5000) .. "x" } do
  t.raises(wrong, function() return s + 1 end)
  t.raises(wrong, function() return 1 % s end)
  t.raises(wrong, function() return -s end)
end
t.raises("on a nil value", function() return nil + "1" end)
t.raises("on a nil value", function() return "1" + nil end)
t.raises("on a table value", function() return "1" ^ {} end)

--== metamethods of the other operand
local v = setmetatable({}, {
  __add = function(a, b) return type(a) .. "+" .. type(b) end,
  __sub = setmetatable({}, { __call = function(_, a, b) return type(a) .. "-" .. type(b) end }),
})
t.eq("x" + v, "string+table")
t.eq(v + "x", "table+string")
t.eq("1" - v, "string-table")
t.raises("attempt to perform arithmetic on a table value", function() return "1" * v end)

--== the line
local x = "one"
local y = 1 + x --> attempt to perform arithmetic on a string value

--== it is cheap in a loop
local n = 0
for i = 1, 1000 do n = n + "2" end
t.eq(n, 2000)
