package deploytest

import "antiraid/dispatcher/internal/step"

// Points are the points of a deploy, in the order in which it reaches them.
func Points() []step.Point {
	return []step.Point{
		step.Inspected, step.RevisionSaved, step.BlobSaved, step.Registered, step.Marked, step.Committed,
		step.SnapshotSaved, step.BundlePublished, step.StartupPublished, step.Unmarked,
	}
}
