package rest

import (
	"bytes"
	"io"
	"mime/multipart"
	"strings"

	"antiraid/services/simulator/internal/discord"
)

// readParts reads a form with files: `payload_json` and `files[n]`. Source: https://discord.com/developers/docs/reference#uploading-files.
func (c *call) readParts(body []byte, boundary string) error {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return discord.InvalidField("", "CONTENT_TYPE_INVALID", "The parts cannot be read.")
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return discord.InvalidField("", "CONTENT_TYPE_INVALID", "The parts cannot be read.")
		}
		switch {
		case part.FormName() == "payload_json":
			c.form = data
		case strings.HasPrefix(part.FormName(), "file"):
			c.files = append(c.files, discord.Attachment{
				Filename: part.FileName(), Size: len(data), ContentType: part.Header.Get("Content-Type"),
			})
		}
	}
}
