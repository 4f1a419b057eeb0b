Extension: ServiceCapacity
Id: service-capacity
Title: "Capacity"
Description: "Whether a service has room, since when it says so, and when a first visit could be."
Context: HealthcareService
* insert Published
* . 0..1
* . ^short = "Capacity"
* . ^definition = "A statement that has not been confirmed for a while is not believed (terminology/routing-weights.json)."
* extension ^slicing.rules = #closed
* extension contains status 1..1 and confirmed 1..1 and first-opening 0..1 and slots 0..1 and wait-days 0..1
* extension[status] ^short = "Whether it has room"
* extension[status].value[x] 1..1
* extension[status].value[x] only Coding
* extension[status].value[x] from $capacity (required)
* extension[confirmed] ^short = "The day it last said so"
* extension[confirmed].value[x] 1..1
* extension[confirmed].value[x] only date
* extension[first-opening] ^short = "The day a first visit could be"
* extension[first-opening].value[x] 1..1
* extension[first-opening].value[x] only date
* extension[slots] ^short = "Free places"
* extension[slots].value[x] 1..1
* extension[slots].value[x] only unsignedInt
* extension[wait-days] ^short = "Days that people wait, counted from the day it said so"
* extension[wait-days].value[x] 1..1
* extension[wait-days].value[x] only unsignedInt

Extension: DirectoryVerified
Id: directory-verified
Title: "Entry confirmed"
Description: "The day on which the organization last said that its entry is right."
Context: HealthcareService
* insert Published
* . 0..1
* . ^short = "Entry confirmed"
* . ^definition = "An entry that nobody has confirmed for a while sinks in the ranking (terminology/routing-weights.json). Without it, the day the entry was last written counts."
* value[x] 1..1
* value[x] only date

Extension: AcceptedPayer
Id: accepted-payer
Title: "Payer accepted"
Description: "A payer that a service accepts: an organization, or a kind of coverage as in Coverage.type."
Context: HealthcareService
* insert Published
* . 0..*
* . ^short = "Payer accepted"
* . ^definition = "None at all: the service does not say which payers it accepts."
* value[x] 1..1
* value[x] only Reference(Organization) or CodeableConcept

Extension: AgeRange
Id: age-range
Title: "Ages"
Description: "The ages, in years (or months), that an eligibility means; both ends included, an absent end is open."
Context: HealthcareService.eligibility
* insert Published
* . 0..1
* . ^short = "Ages"
* . ^definition = "In completed years (UCUM a) or months (mo): up to 17 years is until the day before the 18th birthday."
* value[x] 1..1
* value[x] only Range

Extension: QuietHours
Id: quiet-hours
Title: "Quiet hours"
Description: "From when to when, by the organization’s own clocks, nobody there is written to. They may lie over midnight. On a PractitionerRole: the same for one person, instead of the organization’s."
Context: Organization, PractitionerRole
* insert Published
* . 0..1
* . ^short = "When nobody is written to"
* extension ^slicing.rules = #closed
* extension contains from 1..1 and to 1..1
* extension[from] ^short = "When they begin"
* extension[from].value[x] 1..1
* extension[from].value[x] only time
* extension[to] ^short = "When they end"
* extension[to].value[x] 1..1
* extension[to].value[x] only time
