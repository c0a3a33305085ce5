package config

import (
	"encoding"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
)

// given is a value and where a person wrote it.
type given struct {
	where string
	value any
}

// misfit says that a value cannot become what its field is.
type misfit struct{ field reflect.Type }

func (m misfit) Error() string { return "want " + form(m.field) }

var texts = mapstructure.ComposeDecodeHookFunc(
	mapstructure.StringToTimeDurationHookFunc(), mapstructure.TextUnmarshallerHookFunc(), mapstructure.StringToSliceHookFunc(","),
)

// convert turns the text of a source into what its field is. A duration without a unit and a text that is none are refused: the library
// would take the one for nanoseconds and look for fields in the other.
func convert(from, field reflect.Value) (any, error) {
	_, reads := reflect.New(field.Type()).Interface().(encoding.TextUnmarshaler)
	bare := field.Type() == reflect.TypeFor[time.Duration]() && !from.IsZero()
	if (reads || bare) && from.Kind() != reflect.String {
		return nil, misfit{field.Type()}
	}
	value, err := mapstructure.DecodeHookExec(texts, from, field)
	if err != nil {
		return nil, misfit{field.Type()}
	}
	return value, nil
}

// explain says of an error of the decoder where the value stands, what it is and what it should be. A secret is not shown.
func explain(err error, sources map[string]given) error {
	broken, found := errors.AsType[*mapstructure.DecodeError](err)
	for deeper := found; deeper; {
		var next *mapstructure.DecodeError
		if next, deeper = errors.AsType[*mapstructure.DecodeError](broken.Unwrap()); deeper {
			broken = next
		}
	}
	if !found {
		return fmt.Errorf("read the configuration: %w", err)
	}
	key, _, _ := strings.Cut(strings.ToLower(broken.Name()), "[")
	source, known := sources[key]
	field := wanted(broken)
	if !known || field == nil {
		return fmt.Errorf("read the configuration: %w", broken)
	}
	return fmt.Errorf("read the configuration: %s is %s, want %s", source.where, shown(source.value, field), form(field))
}

// wanted is the type of the field that did not get its value; nil when the decoder does not say.
func wanted(err error) reflect.Type {
	var fit misfit
	var parse *mapstructure.ParseError
	var other *mapstructure.UnconvertibleTypeError
	switch {
	case errors.As(err, &fit):
		return fit.field
	case errors.As(err, &parse):
		return parse.Expected.Type()
	case errors.As(err, &other):
		return other.Expected.Type()
	}
	return nil
}

func shown(value any, field reflect.Type) string {
	switch reflect.ValueOf(value).Kind() {
	case reflect.Slice:
		return "a list"
	case reflect.Map:
		return "a section"
	}
	if field == reflect.TypeFor[Secret]() {
		return Secret{}.String()
	}
	return fmt.Sprintf("%.80q", fmt.Sprint(value))
}

// form is what a person has to write for a field.
func form(field reflect.Type) string {
	switch field {
	case reflect.TypeFor[time.Duration]():
		return "a duration such as 500ms, 5s or 1h30m"
	case reflect.TypeFor[slog.Level]():
		return "debug, info, warn or error"
	case reflect.TypeFor[Secret]():
		return "text in quotes"
	}
	switch field.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Int32:
		return "a whole number"
	case reflect.Uint, reflect.Uint64, reflect.Uint32:
		return "a whole number, 0 or more"
	case reflect.Float64, reflect.Float32:
		return "a number"
	case reflect.Slice:
		return "a list"
	}
	return "a " + field.String()
}
