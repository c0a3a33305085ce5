package library

import (
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// cache keeps what was used last: at most so many values, and at most so many bytes. What was added last is always there.
type cache[K comparable, V any] struct {
	budget int64

	mu    sync.Mutex
	bytes int64
	lru   *simplelru.LRU[K, sized[V]]
}

type sized[V any] struct {
	value V
	bytes int64
}

func newCache[K comparable, V any](values int, bytes int64) (*cache[K, V], error) {
	c := &cache[K, V]{budget: bytes}
	var err error
	c.lru, err = simplelru.NewLRU(values, func(_ K, s sized[V]) { c.bytes -= s.bytes })
	if err != nil {
		return nil, fmt.Errorf("make a cache of %d values: %w", values, err)
	}
	return c, nil
}

func (c *cache[K, V]) get(k K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.lru.Get(k)
	return s.value, ok
}

// add keeps a value that holds about so many bytes.
func (c *cache[K, V]) add(k K, v V, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(k)
	c.bytes += bytes
	c.lru.Add(k, sized[V]{v, bytes})
	for c.bytes > c.budget && c.lru.Len() > 1 {
		c.lru.RemoveOldest()
	}
}
