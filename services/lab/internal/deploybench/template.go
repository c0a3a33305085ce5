package deploybench

import (
	"fmt"

	"antiraid/shared/bundle"
)

const (
	eventType  = "MESSAGE_CREATE"
	numbersKey = "numbers"
)

// templates are those of each tenant.
var templates = [...]string{"a", "b"}

// entry writes what number each file of its version carries. It loads one of the files with the template and one in the run.
const entry = `
local kv = require "@antiraid/kv"
local part = require "part"

local function handle(ctx, event)
  kv.set("numbers", { %d, part.number, require("late").number })
end

return { capabilities = { "kv:*" }, events = { MESSAGE_CREATE = handle, STARTUP = handle } }`

// other is a file beside it.
const other = `return { number = %d }`

// revision is the content of a template whose files all carry a number.
func revision(number int) bundle.Revision {
	text := fmt.Sprintf(other, number)
	return bundle.Revision{bundle.Entry: fmt.Sprintf(entry, number), "part.lua": text, "late.lua": text}
}
