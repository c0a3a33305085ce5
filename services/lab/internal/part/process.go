package part

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"antiraid/shared/natsd"
)

// Config says which part to start.
type Config struct {
	Part     string
	Settings map[string]string // by key, as in the part's defaults
	Log      io.Writer         // what the part says; nil: nowhere
}

// Process is a part that was started. It leads a process group of its own: what is done to it is done to its children too.
type Process struct {
	Name string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	err  error         // set before
}

// Start starts a part. It is killed when this process ends, however that happens.
func Start(cfg Config) (*Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	p := &Process{Name: cfg.Part, cmd: exec.Command(program), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), variable+"="+cfg.Part)
	for key, value := range cfg.Settings {
		p.cmd.Env = append(p.cmd.Env, "ANTIRAID_"+strings.ToUpper(key)+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = cfg.Log, cfg.Log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	began := make(chan error)
	go func() {
		runtime.LockOSThread() // the death signal is sent when the starting thread ends
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		began <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-began; err != nil {
		return nil, fmt.Errorf("start %s: %w", cfg.Part, err)
	}
	return p, nil
}

// StartNATS starts a nats-server on a folder and waits until it accepts connections. The address stays the same over restarts when port is
// not 0.
func StartNATS(ctx context.Context, dir string, port int, log io.Writer) (p *Process, url string, err error) {
	if port == 0 {
		if port, err = natsd.FreePort(); err != nil {
			return nil, "", err
		}
	}
	p, err = Start(Config{Part: NATS, Settings: map[string]string{"dir": dir, "port": strconv.Itoa(port)}, Log: log})
	if err != nil {
		return nil, "", err
	}
	return p, "nats://127.0.0.1:" + strconv.Itoa(port), nil
}

// PID is the process's id, and its group's.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Signal reaches the process and its children.
func (p *Process) Signal(s syscall.Signal) error {
	if err := syscall.Kill(-p.PID(), s); err != nil {
		return fmt.Errorf("send %s to %s: %w", s, p.Name, err)
	}
	return nil
}

// Kill ends the process and its children as SIGKILL does, and waits.
func (p *Process) Kill() {
	_ = p.Signal(syscall.SIGKILL) // nobody is left: it has ended
	<-p.done
}

// Stop asks the process to end and waits; after within it is killed.
func (p *Process) Stop(within time.Duration) error {
	_ = p.Signal(syscall.SIGCONT)
	_ = syscall.Kill(p.PID(), syscall.SIGTERM) // the children are its own to end
	select {
	case <-p.done:
		return p.err
	case <-time.After(within):
		p.Kill()
		return fmt.Errorf("stop %s: not ended within %s, killed", p.Name, within)
	}
}

// CPU is the processor time that the process has used, without its children; in steps of 10 ms.
func (p *Process) CPU() time.Duration { return CPU(p.PID()) }

// CPU is the processor time that a process has used, without its children, in steps of 10 ms; 0 when there is no such process.
func CPU(pid int) time.Duration {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100 // USER_HZ is 100 on every Linux that Go runs on
}

// Children are the ids of the processes that it has started and that live: the workers of an executor.
func (p *Process) Children() (ids []int) {
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.PID()))
	for _, task := range tasks {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", p.PID(), task.Name()))
		for _, field := range strings.Fields(string(data)) {
			if id, err := strconv.Atoi(field); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
