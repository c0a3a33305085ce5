// Package commit makes a run a transaction: its writes all or nothing, its effects once, whoever dies whenever.
//
// # Stored form
//
// Every tenant has one head, bucket `heads`, key <partition>.<tenant>, JSON ([head]): how far each of the tenant's lanes has come, the
// bundle version of the last commit, and the last commit itself: the records of its runs with their writes and effects, to be done again.
// Script state is bucket `state`, key <tenant>.<template>.<encoded key>, the value as JSON; each value carries the number of the commit
// that wrote it.
//
// # How a run commits
//
//  1. The run reads through its [Tx], which buffers writes and effects. Runs of a lane with a backlog form a [Group]: each stands on those
//     before it, and they commit together. A lane without a backlog has groups of one.
//  2. [Group.Commit] replaces the head by compare-and-set. This one write decides: before it nothing of the runs exists, after it all of
//     them will. Its revision is the commit's number.
//  3. The commit is applied: of each key the last value, by compare-and-set against the revision it replaces; each effect, published under
//     its id; and the runs' records. Applying is idempotent; a value that carries this commit's number or a later one is left alone.
//  4. Only when all is applied may the next commit of the tenant replace the head, and the partition's position pass the event.
//
// A run that failed commits that it is over, and nothing else: an event has one outcome for each template, whoever else has tried.
//
// Whoever opens a tenant whose head lies beyond the partition's position applies the commit again before the first run.
//
// # Why a former owner can change nothing
//
// All commits of a tenant are versions of one key, so they have one order. A former owner that wakes up late either finds the head
// changed, and its commit is refused; or it finds the head as it was, and then its commit is the one that counts: the successor's is
// refused, reads the head, and finds the event done. A lease makes this rare, it does not make it right.
//
// # Not promised
//
// A write that was paused between steps 2 and 3 for more than an hour may bring a deleted key back (tombstones live an hour).
// An effect whose publication is repeated more than 24 h later is performed again (the ledger's window).
package commit
