// Package lease decides who owns which slice of a group: executor partitions, rest lanes, gateway shards.
//
// A member joins a group with [Member.Run] and is handed slices; for each it works under a [Holding], whose Commit stores how far the work
// has come. Members come, go, die, pause and are cut off as they like; a successor goes on from the last position.
//
// # Stored format
//
// The bucket `leases` (History 1, file storage) has two kinds of record per group, both JSON with a version `v`:
//
//	<group>.member.<id>   {"v":1,"name":"…","slices":64,"leaving":true}       ends TTL after its last renewal
//	<group>.slice.<nn>    {"v":1,"owner":"<id>","epoch":7,"position":…}       stays for ever; never delete one
//
// An id is a name and a random part, new at each registration: an id that ended never comes back. A renewal is a publish with a TTL that
// expects the last revision. Every write of a slice is a compare-and-set on its revision. The epoch is one more at each acquisition; only
// the owner of an epoch writes records of that epoch; a release keeps the epoch and empties the owner. A slice is free when its owner is
// empty or has no member record. A record of another version is left alone.
//
// # Who should own what
//
// Every member works it out from the members alone: rendezvous hashing of the names with bounded loads, so that 64 slices of three members
// are 21, 21 and 22 (without the bound: 17 to 25). The bound moves more on a join or leave than the least possible: with 64 slices 18
// instead of 16 at the fourth member, 14 instead of 11 at the sixth, 10 instead of 6 at the eleventh. Nobody asks for a slice: the
// arrival of a member's record is what makes the present owner hand over.
//
// # Guarantees
//
//   - One holder per (slice, epoch), and epochs grow.
//   - A position whose Commit returned nil is what a successor finds, or a later one that its owner tried to commit. It never goes back.
//   - A former owner's Commit is refused with [ErrLost], whatever it believes: by its own clock, and past that by the server.
//   - A member stops to believe in itself, by its monotonic clock, 4/5 of a TTL after it sent its last successful renewal. Others may
//     take over a whole TTL after that renewal was stored. So two members do not work on one slice at a time, unless a member's code goes
//     on without asking Err, Lost or Commit.
//   - A clean leave or a join hands over as soon as hold returns; hold has Config.Drain for that, then the slice is taken from it.
//   - After a crash others take over within TTL and about 0.3 s, the granularity of the server's expiry.
//   - NATS away for less than the term costs nothing; for longer, every slice, and members join again when it is back.
//   - Members that lose their membership again and again, because NATS is slow, come back later each time, up to 4 s.
//   - One watch per member for the whole group; one renewal per member and heartbeat, whatever the number of slices.
//
// # What may not be assumed
//
//   - That work stops at the moment the lease is lost. Holding the lease is a belief about time; effects elsewhere need a fence of
//     their own: the epoch, or a compare-and-set.
//   - That a member was dead because somebody called [Evict]: if it lives, it works on until it is told, and is refused.
//   - That the monotonic clock sees a suspended machine: it does not run then. Such a member is stopped by the server's refusal only.
//   - That positions are written byte for byte: they come back as compact JSON.
//   - That Commit failed when it returned an error other than [ErrLost].
//   - That a power cut changes nothing: at the server's default sync interval the last writes may be gone, positions and epochs among
//     them. An owner that lives writes its position again; with `sync_interval: always` there is nothing to write again.
//   - That a group's number of slices can change while members run: who comes with another number is turned away with an error.
package lease
