package world

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"antiraid/services/simulator/internal/discord"
)

// What a message may hold. Source: https://discord.com/developers/docs/resources/message.
const (
	maxContent    = 2000 // characters
	maxEmbeds     = 10
	maxEmbedText  = 6000 // characters, over all embeds
	maxComponents = 40
	maxNonce      = 25 // characters
)

// Draft is a message as its author hands it in; nil fields of an edit are left as they are.
type Draft struct {
	Content          *string                   `json:"content"`
	Embeds           *[]json.RawMessage        `json:"embeds"`
	Components       *[]json.RawMessage        `json:"components"`
	Flags            *int                      `json:"flags"`
	TTS              bool                      `json:"tts"`
	Poll             json.RawMessage           `json:"poll"`
	StickerIDs       []discord.ID              `json:"sticker_ids"`
	Nonce            json.RawMessage           `json:"nonce"`
	EnforceNonce     bool                      `json:"enforce_nonce"`
	AllowedMentions  *discord.AllowedMentions  `json:"allowed_mentions"`
	MessageReference *discord.MessageReference `json:"message_reference"`

	Files []discord.Attachment `json:"-"` // uploaded beside the form
}

// text is the nonce without JSON around it; empty: none.
func (d Draft) nonce() string {
	if len(d.Nonce) == 0 || bytes.Equal(d.Nonce, []byte("null")) {
		return ""
	}
	var text string
	if json.Unmarshal(d.Nonce, &text) == nil {
		return text
	}
	return string(d.Nonce)
}

func (d Draft) flags() int {
	if d.Flags == nil {
		return 0
	}
	return *d.Flags
}

// check finds what Discord would refuse in the form itself.
func (d Draft) check() error {
	if d.Content != nil && utf8.RuneCountInString(*d.Content) > maxContent {
		return discord.InvalidField("content", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxContent)
	}
	if d.Embeds != nil {
		if err := checkEmbeds(*d.Embeds); err != nil {
			return err
		}
	}
	if d.Components != nil && count(*d.Components) > maxComponents {
		return discord.InvalidField("components", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxComponents)
	}
	if d.flags()&discord.FlagComponents != 0 && (d.Content != nil && *d.Content != "" || d.Embeds != nil && len(*d.Embeds) > 0 || d.hasPoll()) {
		return discord.InvalidField("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
			"The 'content', 'embeds', 'stickers', and 'poll' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	}
	if err := d.checkNonce(); err != nil {
		return err
	}
	return checkMentions(d.AllowedMentions)
}

func (d Draft) checkNonce() error {
	n := d.nonce()
	if n == "" {
		return nil
	}
	if d.Nonce[0] != '"' {
		if _, err := strconv.ParseInt(n, 10, 64); err != nil {
			return discord.InvalidField("nonce", "NONCE_TYPE_COERCE", "Value must be an integer or a string.")
		}
	}
	if utf8.RuneCountInString(n) > maxNonce {
		return discord.InvalidField("nonce", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxNonce)
	}
	return nil
}

func (d Draft) hasPoll() bool { return len(d.Poll) > 0 && !bytes.Equal(d.Poll, []byte("null")) }

// empty reports whether there is nothing in it that could be shown.
func (d Draft) empty() bool {
	return (d.Content == nil || *d.Content == "") && (d.Embeds == nil || len(*d.Embeds) == 0) &&
		(d.Components == nil || len(*d.Components) == 0) && len(d.StickerIDs) == 0 && len(d.Files) == 0 && !d.hasPoll()
}

func checkEmbeds(embeds []json.RawMessage) error {
	if len(embeds) > maxEmbeds {
		return discord.InvalidField("embeds", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxEmbeds)
	}
	total := 0
	for i, data := range embeds {
		var e embed
		if json.Unmarshal(data, &e) != nil {
			return discord.InvalidField("embeds."+strconv.Itoa(i), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		}
		total += e.size()
	}
	if total > maxEmbedText {
		return discord.InvalidField("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbedText)
	}
	return nil
}

func checkMentions(a *discord.AllowedMentions) error {
	if a == nil {
		return nil
	}
	for _, kind := range a.Parse {
		if kind == "users" && len(a.Users) > 0 || kind == "roles" && len(a.Roles) > 0 {
			return discord.InvalidField("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				"parse:[\"%s\"] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
	}
	return nil
}
