package source

import (
	"math"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// flushEvery is after how many items of a table constructor gopher-lua stores those that it has.
const flushEvery = 50

// repairList puts right what gopher-lua gets wrong in table constructors, and reports whether it can. The value of a last field with a key is one, also
// when it is a call. And what follows right after a flush has the same items stored once more, from registers that are others' by then: a field with
// a key makes the items from there on fields with keys, several values at the end are passed on together with the last item.
func repairList(e *ast.TableExpr) bool {
	items := 0
	keyed := false // from here on
	for i, f := range e.Fields {
		full := items > 0 && items%flushEvery == 0
		switch {
		case f.Key != nil:
			f.Value = oneValue(f.Value)
			if full && !keyed {
				keyed = true
				e.Fields[i-1].Key = index(e, items)
			}
		case i == len(e.Fields)-1 && several(f.Value):
			if keyed {
				return false
			}
			if full {
				last := e.Fields[i-1]
				last.Value = at(f.Value, &ast.FuncCallExpr{Func: passing(f.Value), Args: []ast.Expr{last.Value, f.Value}})
				e.Fields = e.Fields[:i]
			}
		default:
			if items++; keyed {
				f.Key = index(f.Value, items)
			}
		}
	}
	return true
}

func index(place ast.PositionHolder, n int) ast.Expr {
	return at(place, &ast.NumberExpr{Value: strconv.Itoa(n)})
}

// passing is function(...) return ... end.
func passing(place ast.PositionHolder) ast.Expr {
	answer := at(place, &ast.ReturnStmt{Exprs: []ast.Expr{at(place, &ast.Comma3Expr{})}})
	return at(place, &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: []ast.Stmt{answer}})
}

// canonicalNumber is a number as gopher-lua reads it right: it takes those that are too large for it for NaN.
func canonicalNumber(s string) string {
	text := s
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		text += "p0"
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) {
		return s
	}
	if math.IsInf(v, 0) {
		return "Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
