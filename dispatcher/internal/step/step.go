// Package step names the points between which a deploy can die.
//
// Only tests look at them: whoever is told that a point was reached may end the deploy there, as a crash of the process would.
package step

// Point is a moment of a deploy: what has just been done.
type Point string

// The points, in the order in which a deploy reaches them.
const (
	Inspected        Point = "inspected"         // an executor said what the template declares; nothing is written yet
	RevisionSaved    Point = "revision saved"    // the content is in MongoDB
	BlobSaved        Point = "blob saved"        // the content is in the bucket blobs
	Registered       Point = "registered"        // the tenant is known
	Marked           Point = "marked"            // the version to come is marked as pending
	Committed        Point = "committed"         // the version is in MongoDB: from here on the deploy will be in force
	SnapshotSaved    Point = "snapshot saved"    // readers of MongoDB find it faster
	BundlePublished  Point = "bundle published"  // executors see it
	StartupPublished Point = "startup published" // the tenant's lane says so
	Unmarked         Point = "unmarked"          // nothing is left to do
)

// Hook is told of each point; an error ends the deploy at once. A nil Hook is never told.
type Hook func(Point) error

// Reached tells the hook.
func (h Hook) Reached(p Point) error {
	if h == nil {
		return nil
	}
	return h(p)
}
