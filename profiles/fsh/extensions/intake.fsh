Extension: PossibleDuplicate
Id: possible-duplicate
Title: "Possible duplicate"
Description: "Another open referral for the same person and the same need. Written by the hub when a referral is sent, and only where both parties of this Task are party to the other: whoever else may see both asks for ServiceRequest/$duplicates."
Context: Task
* insert Published
* . 0..*
* . ^short = "Another open referral for the same"
* value[x] 1..1
* value[x] only Reference(Task)

Extension: SubmissionDigest
Id: submission-digest
Title: "Digest of a submission"
Description: "What tells whether a referral that is submitted again under the same identifier is the same. Keyed and kept by the hub: nobody learns from it what was sent."
Context: Task
* insert Published
* . 0..1
* . ^short = "Tells the same submission from another"
* value[x] 1..1
* value[x] only string
