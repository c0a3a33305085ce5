package sandbox

import "os"

// The template and the event of package scriptbench, which imports this one.
var typical, typicalPayload = scriptbench("typical.lua"), scriptbench("typical.json")

func scriptbench(file string) string {
	data, err := os.ReadFile("../../scriptbench/" + file)
	if err != nil {
		panic(err)
	}
	return string(data)
}
