Extension: ConsentStatement
Id: consent-statement
Title: "Statement of a consent form"
Description: "What the form that the person signed says, where R4 Consent has no element for it: a code of CodeSystem consent-statement."
Context: Consent
* insert Published
* . 0..*
* . ^short = "What the form says"
* value[x] 1..1
* value[x] only code
* value[x] from $consent-statement-vs (required)

Extension: EmergencyAccessPeriod
Id: emergency-access-period
Title: "Period of emergency access"
Description: "From when until when the sender of the Communication sees the whole record of its subject."
Context: Communication
* insert Published
* . 0..1
* . ^short = "How long the record is open"
* value[x] 1..1
* value[x] only Period

Extension: LabelLowered
Id: label-lowered
Title: "Label lowered"
Description: "A restricted label that the owner of the resource took away, and why. The hub keeps it in meta, so that the label does not come back with the next update."
Context: Meta
* insert Published
* . 0..*
* . ^short = "Which label, why, by whom, when"
* extension ^slicing.rules = #closed
* extension contains label 1..1 and reason 1..1 and by 1..1 and at 1..1
* extension[label] ^short = "The label"
* extension[label].value[x] 1..1
* extension[label].value[x] only code
* extension[reason] ^short = "Why it no longer holds"
* extension[reason].value[x] 1..1
* extension[reason].value[x] only string
* extension[by] ^short = "The organization that took it away"
* extension[by].value[x] 1..1
* extension[by].value[x] only Reference(Organization)
* extension[at] ^short = "When"
* extension[at].value[x] 1..1
* extension[at].value[x] only instant

Extension: SubscriptionSigning
Id: subscription-signing
Title: "Signing of notifications"
Description: "The secret that notifications are signed with and who subscribed, encrypted by the hub: of no use to who reads it."
Context: Subscription
* insert Published
* . 0..1
* . ^short = "Encrypted; written by the hub"
* value[x] 1..1
* value[x] only string
