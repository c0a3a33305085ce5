--== encode
local json = require "@antiraid/json"
t.eq(json.encode({ 1, 2, 3 }), "[1,2,3]") t.eq(json.encode({ a = 1 }), '{"a":1}') t.eq(json.encode({}), "{}") t.eq(json.encode(json.array()), "[]") t.eq(json.encode(json.array({})), "[]")
t.eq(json.encode("x\n\"é"), '"x\\n\\"é"') t.eq(json.encode(1), "1") t.eq(json.encode(1.5), "1.5") t.eq(json.encode(2 ^ 53), "9007199254740992") t.eq(json.encode(1e300), "1e+300") t.eq(json.encode(true), "true")
t.eq(json.encode(nil), "null") t.eq(json.encode(json.null), "null") t.eq(json.encode({ json.null, 1 }), "[null,1]") t.eq(json.encode({ x = json.null }), '{"x":null}')
t.raises("json.encode: the value is a function, which has no form in JSON", json.encode, print) t.raises("the value at .a[2] is a function", json.encode, { a = { 1, print } })
t.raises("the value is NaN", json.encode, 0 / 0) t.raises("both items and named fields", json.encode, { 1, x = 2 }) t.raises("the key -5, which is no text", json.encode, { [-5] = 1 })
t.raises("is a list of 5 items without item 1; fill it with json.null, or use text keys", json.encode, { [5] = 1 }) t.raises("without item 2", json.encode, { 1, nil, 3 })
t.raises("bad argument #1 to 'json.encode' (value expected)", json.encode)
local loop = {} loop.loop = loop t.raises("nested more than 20 deep", json.encode, loop)
--== decode
local json = require "@antiraid/json"
t.eq(json.decode('{"a":[1,{"b":null}],"c":"\\u00e9"}'), { a = { 1, {} }, c = "é" }) t.eq(json.decode("null"), json.null) t.eq(json.decode("[null]")[1], json.null) t.eq(json.decode('{"a":null}').a, nil)
t.eq(json.encode(json.decode("[]")), "[]") t.eq(json.encode(json.decode('{"x":[]}')), '{"x":[]}') t.eq(json.decode(" 1 "), 1) t.eq(json.decode("-0.5e1"), -5)
t.raises("json.decode: the text ends where a value is expected at character 1", json.decode, "") t.raises("'x' where a value is expected at character 2", json.decode, "[x]") t.raises("nested more than 20 deep", json.decode, ("["):rep(30))
t.raises("bad argument #1 to 'json.decode' (string expected, got table)", json.decode, {})
--== decoded lists are plain tables
local json = require "@antiraid/json"
local l = json.decode("[3,1,2]") table.sort(l) table.insert(l, 4) t.eq(l, { 1, 2, 3, 4 }) t.eq(#l, 4) t.eq(getmetatable(l), nil)
local mt = { __index = function() return 7 end } setmetatable(l, mt) t.eq(l[9], 7) t.eq(getmetatable(l) == mt, true)
while #l > 0 do table.remove(l) end t.eq(json.encode(setmetatable(l, nil)), "{}")
--== null is one value
local json = require "@antiraid/json"
t.eq(json.null == json.decode("null"), true) t.eq(tostring(json.null), "null") t.eq(type(json.null), "userdata") t.eq(json.null and 1, 1)
t.raises("attempt to index", function() return json.null.x end) t.raises("attempt to index", function() json.null.x = 1 end)
