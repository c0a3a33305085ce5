--== len, sub
t.eq(#"abc", 3) t.eq(string.len("a\0b"), 3) t.eq(("hello"):sub(2, 3), "el") t.eq(("hello"):sub(-3), "llo") t.eq(("hello"):sub(2), "ello")
t.eq(("hello"):sub(0), "hello") t.eq(("hello"):sub(4, 2), "") t.eq(("hello"):sub(-100, 100), "hello") t.eq(("hello"):sub(10), "") t.eq((""):sub(1, 1), "")
t.eq(("hello"):sub("2", "3"), "el") t.eq(("hello"):sub(2.9, -2.9), "ell")
t.raises("bad argument #2 to 'sub' (number expected, got no value)", string.sub, "x") t.raises("bad argument #1 to 'sub' (string expected, got nil)", string.sub, nil, 1)
--== byte, char
t.all(t.pack(("abc"):byte()), 97) t.all(t.pack(("abc"):byte(2, 3)), 98, 99) t.all(t.pack(("abc"):byte(-1)), 99) t.all(t.pack(("abc"):byte(10)))
t.all(t.pack(("abc"):byte(0))) t.all(t.pack(("abc"):byte(1, -1)), 97, 98, 99) t.eq(string.char(104, 105), "hi") t.eq(string.char(), "")
t.raises("bad argument #2 to 'char' (invalid value)", string.char, 1, 256) t.raises("invalid value", string.char, -1)
t.raises("string slice too long", string.byte, ("x"):rep(10000), 1, -1)
--== lower, upper, reverse, rep
t.eq(("AbC1é"):lower(), "abc1é") t.eq(("AbC1é"):upper(), "ABC1é") t.eq(("abc"):reverse(), "cba") t.eq((""):reverse(), "")
t.eq(("ab"):rep(3), "ababab") t.eq(("ab"):rep(0), "") t.eq(("ab"):rep(-1), "") t.eq((""):rep(1e9), "")
--== rep of a number
t.eq(string.rep(5, 2), "55")
--== find
t.all(t.pack(("hello"):find("l")), 3, 3) t.all(t.pack(("hello"):find("xyz")), nil) t.all(t.pack(("hello"):find("")), 1, 0) t.all(t.pack(("hello"):find("", 10)), 6, 5)
t.all(t.pack(("hello"):find("l", 4)), 4, 4) t.all(t.pack(("hello"):find("l", -2)), 4, 4) t.all(t.pack(("hello"):find("h", -100)), 1, 1)
t.all(t.pack(("a.b"):find(".", 1, true)), 2, 2) t.all(t.pack(("a.b"):find(".")), 1, 1) t.all(t.pack(("a+b"):find("+", 1, true)), 2, 2)
t.all(t.pack(("key=val"):find("(%w+)=(%w+)")), 1, 7, "key", "val") t.all(t.pack(("abc"):find("b()")), 2, 2, 3) t.all(t.pack(("abc"):find("^b")), nil)
t.all(t.pack(("abc"):find("^b", 2)), 2, 2) t.all(t.pack(("abc"):find("c$")), 3, 3) t.all(t.pack(("a\0b"):find("\0")), 2, 2) t.all(t.pack(("a\0b"):find("%z")), 2, 2)
t.all(t.pack((""):find("")), 1, 0) t.all(t.pack((""):find("a")), nil) t.all(t.pack(("abc"):find("[a-c]+")), 1, 3) t.all(t.pack(("abc"):find("[^a]+")), 2, 3)
t.raises("malformed pattern (missing ']')", string.find, "a", "[a") t.raises("malformed pattern (ends with '%')", string.find, "a", "%")
t.raises("unfinished capture", string.find, "a", "(a") t.raises("invalid pattern capture", string.find, "a", ".)") t.raises("invalid capture index", string.find, "a", "%1")
t.raises("bad argument #2 to 'find' (string expected, got no value)", string.find, "a") t.raises("missing '[' after '%f' in pattern", string.find, "a", "%fa")
--== match
t.eq(("hello 42"):match("%d+"), "42") t.all(t.pack(("k=v"):match("(%w)=(%w)")), "k", "v") t.all(t.pack(("x"):match("y")), nil) t.eq(("  trim "):match("^%s*(.-)%s*$"), "trim")
t.eq(("hello"):match("l+", 4), "l") t.eq(("hello"):match(".", -1), "o") t.all(t.pack(("hello"):match("()ll()")), 3, 5) t.eq(("<a><b>"):match("<(.-)>"), "a") t.eq(("f(a(b))"):match("%b()"), "(a(b))")
t.eq(("THE (quick) fox"):match("%f[%a]%a+", 5), "quick") t.eq(("<@!81384788765712384>"):match("^<@!?(%d+)>$"), "81384788765712384") t.eq(("2024-01-02"):match("(%d+)-(%d+)"), "2024")
t.eq(("hello"):match("", 100), "")
--== gmatch
local out = {}
for w in ("one two  three"):gmatch("%a+") do out[#out + 1] = w end
t.eq(out, { "one", "two", "three" })
out = {}
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do out[k] = v end
t.eq(out, { a = "1", b = "2" })
local n = 0
for p in ("abc"):gmatch("()") do n = n + p end
t.eq(n, 10)
out = {}
for w in ("ab"):gmatch("x*") do out[#out + 1] = "[" .. w .. "]" end
t.eq(table.concat(out), "[][][]")
t.eq(("^a^a"):gmatch("^a")(), "^a")
t.raises("malformed pattern", ("x"):gmatch("[a"))
--== gsub
t.all(t.pack(("hello"):gsub("l", "L")), "heLLo", 2) t.all(t.pack(("hello"):gsub("l", "L", 1)), "heLlo", 1) t.all(t.pack(("hello"):gsub("x", "y")), "hello", 0)
t.all(t.pack(("abc"):gsub("", "-")), "-a-b-c-", 4) t.all(t.pack(("abc"):gsub(".", "%0%0")), "aabbcc", 3) t.all(t.pack(("a b"):gsub("(%w) (%w)", "%2 %1")), "b a", 1)
t.all(t.pack(("abc"):gsub("%w", "%%")), "%%%", 3) t.all(t.pack(("abc"):gsub("b", { b = "B" })), "aBc", 1) t.all(t.pack(("abc"):gsub("%w", { b = false })), "abc", 3)
t.all(t.pack(("abc"):gsub("%w", function(c) if c == "b" then return 7 end end)), "a7c", 3) t.all(t.pack(("abc"):gsub("(a)(b)", function(x, y) return y .. x end)), "bac", 1)
t.all(t.pack(("hello"):gsub("^h", "J")), "Jello", 1) t.all(t.pack(("hello hello"):gsub("^h", "J")), "Jello hello", 1) t.all(t.pack(("abc"):gsub("b*", "-")), "-a--c-", 4)
t.all(t.pack(("abc"):gsub("()", "%1")), "1a2b3c4", 4) t.all(t.pack(("x"):gsub("x", 5)), "5", 1) t.all(t.pack(("abc"):gsub("b", "%1")), "abc", 1)
t.all(t.pack(("a.b"):gsub("%.", "%%")), "a%b", 1) t.all(t.pack((""):gsub("", "x")), "x", 1) t.all(t.pack(("abc"):gsub(".", "x", 0)), "abc", 0) t.all(t.pack(("abc"):gsub(".", "x", -1)), "abc", 0)
t.all(t.pack(("k"):gsub("k", setmetatable({}, { __index = function(_, k) return k .. "!" end }))), "k!", 1)
t.raises("invalid capture index", string.gsub, "abc", "b", "%2") t.raises("string/function/table expected", string.gsub, "a", "b") t.raises("string/function/table expected", string.gsub, "a", "b", true)
t.raises("invalid replacement value (a table)", string.gsub, "a", "a", function() return {} end)
--== format as C does it
t.eq(("%#x %#X %#o %#o"):format(0, 255, 8, 0), "0 0XFF 010 0") t.eq(("%#08x|%+x|% o|%+u"):format(255, 255, 8, 5), "0x0000ff|ff|10|5")
t.eq(("%05d|%-05d|%+05d|%05.2d|%.0d|%#.0o"):format(-3, -3, 3, 3, 0, 0), "-0003|-3   |+0003|   03||0") t.eq(("% f|%+5.1f"):format(1 / 0, 1 / 0), " inf| +inf")
t.raises("invalid option '%\255' to 'format'", string.format, "%\255", 1)
--== format
t.eq(("%d %5d|%-5d|%05d|%+d"):format(1, 2, 3, 4, 5), "1     2|3    |00004|+5") t.eq(("%i"):format(7.9), "7") t.eq(("%d"):format("10"), "10") t.eq(("%.3d"):format(5), "005")
t.eq(("%s %s %s"):format("a", 1, true), "a 1 true") t.eq(("%5s|%-5s|%.2s"):format("a", "b", "cde"), "    a|b    |cd") t.eq(("%s"):format(nil), "nil")
t.eq(("%x %X %#x %o"):format(255, 255, 255, 8), "ff FF 0xff 10") t.eq(("%c%c"):format(72, 105), "Hi") t.eq(("%u"):format(5), "5") t.eq(("%x"):format(-1), "ffffffffffffffff")
t.eq(("%f %.2f %5.1f"):format(1, 2.345, 3.14), "1.000000 2.35   3.1") t.eq(("%e"):format(12345.678), "1.234568e+04") t.eq(("%E"):format(1), "1.000000E+00")
t.eq(("%g %g %g %g"):format(100000, 1e6, 0.1, 1e20), "100000 1e+06 0.1 1e+20") t.eq(("%g"):format(1e15), "1e+15") t.eq(("%.3g"):format(3.14159), "3.14") t.eq(("%.14g"):format(3.14159265358979), "3.1415926535898")
t.eq(("%%"):format(), "%") t.eq(("100%%"):format(), "100%") t.eq(("%q"):format('a"b\\c\nd\0e\r'), '"a\\"b\\\\c\\\nd\\000e\\r"')
t.eq(("%f"):format(1 / 0), "inf") t.eq(("%5.1f"):format(-1 / 0), " -inf") t.eq(("%f"):format(0 / 0), "nan") t.eq(("% d"):format(5), " 5")
t.eq(("%s"):format(setmetatable({}, { __tostring = function() return "obj" end })), "obj") t.eq(("é%5s"):format("é"), "é   é")
t.raises("bad argument #2 to 'format' (no value)", string.format, "%d") t.raises("bad argument #2 to 'format' (number expected, got string)", string.format, "%d", "x")
t.raises("invalid option '%y' to 'format'", string.format, "%y", 1) t.raises("invalid option '%' to 'format'", string.format, "%", 1) t.raises("invalid format (width or precision too long)", string.format, "%100d", 1)
t.raises("invalid format (repeated flags)", string.format, "%------d", 1) t.raises("invalid option '%v'", string.format, "%#v", {}) t.raises("invalid option '%T'", string.format, "%T", 1) t.raises("invalid option '%p'", string.format, "%p", {})
--== methods on the string metatable
t.eq(("x"):rep(2), "xx") local s = "abc" t.eq(s:len(), 3) t.eq(s.nothing, nil)
--== a library function can be added for the run
function string.trim(s) return (s:gsub("^%s+", ""):gsub("%s+$", "")) end
t.eq(("  x "):trim(), "x")
--== comparison
t.eq("a" < "b", true) t.eq("a" < "B", false) t.eq("" < "a", true) t.eq("a\0b" < "a\0c", true) t.eq("10" < "9", true) t.eq("a" <= "a", true) t.eq("Z" < "a", true)
