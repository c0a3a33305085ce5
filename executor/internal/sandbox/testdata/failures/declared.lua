local kv = require "@antiraid/kv"

return {
  event = {},
}
