// Package api is what callers and services say to each other over the calls named in shared/subject: requests and replies, in JSON.
//
// A reply whose Error is set means that nothing was done, unless the error's code is [Unavailable]: then nothing is known, and
// asking again is safe.
package api

import "antiraid/shared/run"

// Code says what kind of error a call ended with, for programs.
type Code string

const (
	Invalid     Code = "invalid"     // the request itself is wrong; asking again does not help
	Script      Code = "script"      // the template's own fault; see Failure
	Denied      Code = "denied"      // the template asks for capabilities that were not granted; see Missing
	NotFound    Code = "not_found"   // the tenant or template does not exist
	Conflict    Code = "conflict"    // others kept changing the same tenant; ask again
	Unavailable Code = "unavailable" // a part of the system did not answer; ask again
)

// Error is why a call was refused, for people: one sentence that names the remedy.
type Error struct {
	Code    Code         `json:"code"`
	Message string       `json:"message"`
	Failure *run.Failure `json:"failure,omitempty"` // of the template's own code
	Missing []string     `json:"missing,omitempty"` // capabilities that were not granted
}

func (e *Error) Error() string { return e.Message }
