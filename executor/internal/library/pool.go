package library

import (
	"container/list"
	"sync"
	"time"

	"antiraid/executor/internal/sandbox"
	"antiraid/shared/tenant"
)

// VM is a warm VM. It belongs to one tenant and one revision of one template, for ever.
type VM struct {
	*sandbox.VM
	Took time.Duration // its last run; 0 before the first

	key  vmKey
	size int64
}

type vmKey struct {
	tenant   tenant.ID
	template string
	revision string
}

// pool keeps VMs that nobody uses, the latest used longest, inside a budget of bytes.
type pool struct {
	budget int64

	mu    sync.Mutex
	bytes int64
	order *list.List // of *VM, latest used in front
	idle  map[vmKey][]*list.Element
}

func newPool(budget int64) *pool {
	return &pool{budget: budget, order: list.New(), idle: map[vmKey][]*list.Element{}}
}

func (p *pool) take(key vmKey) *VM {
	p.mu.Lock()
	defer p.mu.Unlock()
	same := p.idle[key]
	if len(same) == 0 {
		return nil
	}
	return p.remove(same[len(same)-1])
}

func (p *pool) put(vm *VM) {
	vm.size = vm.Size()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle[vm.key] = append(p.idle[vm.key], p.order.PushFront(vm))
	p.bytes += vm.size
	for p.bytes > p.budget && p.order.Len() > 0 {
		p.remove(p.order.Back())
	}
}

func (p *pool) remove(e *list.Element) *VM {
	vm := p.order.Remove(e).(*VM)
	p.bytes -= vm.size
	same := p.idle[vm.key]
	for i := range same {
		if same[i] == e {
			same = append(same[:i], same[i+1:]...)
			break
		}
	}
	if len(same) == 0 {
		delete(p.idle, vm.key)
	} else {
		p.idle[vm.key] = same
	}
	return vm
}
