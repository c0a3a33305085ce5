package route

import "github.com/tidwall/gjson"

// found is the fields of a dispatch that may name its tenant, undecoded.
type found struct {
	guild, userID, author, user, recipients, owners, webhook gjson.Result
}

// read looks at every key of the object once. A key of interest that stands twice is refused: of `{"guild_id":"1","guild_id":"2"}` some
// readers take the first and some the last, and the template would see another guild than the one whose event it is.
func read(object gjson.Result, guildKey string) (f found, reason Reason) {
	object.ForEach(func(key, value gjson.Result) bool {
		at := f.at(key.Str, guildKey)
		if at == nil {
			return true
		}
		if at.Exists() {
			reason = DuplicateKey
			return false
		}
		*at = value
		return true
	})
	return f, reason
}

func (f *found) at(key, guildKey string) *gjson.Result {
	switch key {
	case guildKey:
		return &f.guild
	case "user_id":
		return &f.userID
	case "author":
		return &f.author
	case "user":
		return &f.user
	case "recipients":
		return &f.recipients
	case "authorizing_integration_owners":
		return &f.owners
	case "webhook_id":
		return &f.webhook
	}
	return nil
}

// only is the value of a key; once is false if it stands there more often. What is not an object has no keys.
func only(object gjson.Result, name string) (value gjson.Result, once bool) {
	once = true
	if !object.IsObject() {
		return value, once
	}
	object.ForEach(func(key, v gjson.Result) bool {
		if key.Str == name {
			once = !value.Exists()
			value = v
		}
		return once
	})
	return value, once
}
