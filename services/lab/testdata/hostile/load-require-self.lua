-- Requires itself and what is not there, for ever.
for i = 1, 1e6 do
  pcall(require, "init") pcall(require, "init.lua") pcall(require, "./init") pcall(require, "x" .. i)
end
