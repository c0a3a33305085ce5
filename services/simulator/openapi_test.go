package simulator_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// openAPIFile is Discord's own description of its HTTP API, beside the project: it is data of Discord's and no part of it.
const openAPIFile = "../../../shared/discord/openapi.json"

// description is that file, read.
type description struct {
	paths    map[string]any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	schemas  map[string]*jsonschema.Schema
}

// openAPI reads the description once for all tests.
var openAPI = sync.OnceValues(func() (*description, error) {
	data, err := os.ReadFile(openAPIFile)
	if err != nil {
		where, _ := filepath.Abs(openAPIFile)
		return nil, fmt.Errorf("Discord's OpenAPI description is expected at %s (from the project's root: ../shared/discord/openapi.json); it is in the repository discord/discord-api-spec as specs/openapi.json: %w", where, err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", openAPIFile, err)
	}
	correct(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("mem:///openapi.json", doc); err != nil {
		return nil, err
	}
	paths := doc.(map[string]any)["paths"].(map[string]any)
	return &description{paths: paths, compiler: c, schemas: map[string]*jsonschema.Schema{}}, nil
})

// correct sets right where the description differs from Discord's written documentation and from what Discord sends:
// the codes of single form faults are words (BASE_TYPE_REQUIRED), the description has integers, those of whole refusals.
// https://discord.com/developers/docs/reference#error-messages
func correct(doc any) {
	schemas := doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	fault := schemas["InnerErrors"].(map[string]any)["properties"].(map[string]any)["_errors"].(map[string]any)
	fault["items"] = map[string]any{
		"type": "object", "required": []any{"code", "message"},
		"properties": map[string]any{"code": map[string]any{"type": "string"}, "message": map[string]any{"type": "string"}},
	}
}

// check compares an answer with what Discord's description says about it. The path is without the version.
func (d *description) check(t *testing.T, method, path string, status int, body []byte) {
	t.Helper()
	template, pointer, err := d.response(method, path, status)
	if err != nil {
		t.Error(err)
		return
	}
	if pointer == "" {
		if len(body) > 0 {
			t.Errorf("%s %s answered %d with a body, Discord has none: %s", method, template, status, body)
		}
		return
	}
	schema, err := d.compile(pointer)
	if err != nil {
		t.Error(err)
		return
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Errorf("%s %s answered %d with what is no JSON: %s", method, template, status, body)
		return
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s %s answered %d unlike Discord: %v\n%s", method, template, status, err, body)
	}
}

// response finds where the schema of an answer is; empty: the answer has no body.
func (d *description) response(method, path string, status int) (template, pointer string, err error) {
	template, err = d.match(path)
	if err != nil {
		return "", "", err
	}
	operation, ok := d.paths[template].(map[string]any)[strings.ToLower(method)].(map[string]any)
	if !ok {
		return "", "", fmt.Errorf("Discord's description has no %s %s", method, template)
	}
	responses := operation["responses"].(map[string]any)
	for _, key := range []string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX"} {
		response, ok := responses[key].(map[string]any)
		if !ok {
			continue
		}
		if ref, ok := response["$ref"].(string); ok {
			return template, strings.TrimPrefix(ref, "#") + "/content/application~1json/schema", nil
		}
		if _, ok := response["content"]; !ok {
			return template, "", nil
		}
		escaped := strings.ReplaceAll(strings.ReplaceAll(template, "~", "~0"), "/", "~1")
		return template, "/paths/" + escaped + "/" + strings.ToLower(method) + "/responses/" + key + "/content/application~1json/schema", nil
	}
	return "", "", fmt.Errorf("Discord's description has no answer %d to %s %s", status, method, template)
}

// match finds the path's template: of those that fit, the one with the fewest wildcards.
func (d *description) match(path string) (string, error) {
	steps := strings.Split(path, "/")
	best, wildcards := "", len(steps)+1
	for template := range d.paths {
		parts := strings.Split(template, "/")
		if len(parts) != len(steps) {
			continue
		}
		wild, fits := 0, true
		for i, part := range parts {
			switch {
			case strings.HasPrefix(part, "{"):
				wild++
			case part != steps[i]:
				fits = false
			}
		}
		if fits && wild < wildcards {
			best, wildcards = template, wild
		}
	}
	if best == "" {
		return "", fmt.Errorf("Discord's description has no path like %s", path)
	}
	return best, nil
}

func (d *description) compile(pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.schemas[pointer]; s != nil {
		return s, nil
	}
	s, err := d.compiler.Compile("mem:///openapi.json#" + (&url.URL{Path: pointer}).EscapedPath())
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", pointer, err)
	}
	d.schemas[pointer] = s
	return s, nil
}
