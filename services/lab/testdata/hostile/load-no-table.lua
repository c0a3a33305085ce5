-- Returns something that is no template, and fights back when it is looked at.
return setmetatable({ events = setmetatable({}, { __index = function() while true do end end, __len = function() return 1e9 end }) }, { __index = function() while true do end end })
