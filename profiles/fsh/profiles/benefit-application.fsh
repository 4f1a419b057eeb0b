Profile: BenefitApplication
Parent: Task
Id: benefit-application
Title: "Benefit application"
Description: "An application for a benefit (food, housing, income, coverage) that a case manager follows until it is approved or refused."
* insert Published
* obeys decided-has-reason
* status MS
* statusReason MS
* businessStatus 1..1 MS
* businessStatus from $benefit-status-vs (required)
* businessStatus ^short = "Where the application stands"
* intent = #order (exactly)
* intent MS
* code 1..1 MS
* code = $case-task#benefit-application
* for 1..1 MS
* for only Reference(Patient)
* authoredOn 1..1 MS
* lastModified MS
* requester MS
* owner 1..1 MS
* owner ^short = "Who follows it: a case manager, or the organization"
* reasonCode 1..1 MS
* reasonCode from $benefit-vs (extensible)
* reasonCode ^short = "Which benefit"
* insurance MS
* note MS
* restriction MS
* restriction.period ^short = "Until when the agency has to decide"
* output MS
* output ^short = "The letter of decision, the Coverage"

Invariant: decided-has-reason
Description: "An application that failed says why."
Severity: #error
Expression: "status = 'failed' implies statusReason.exists()"

Instance: example-benefit-application
InstanceOf: BenefitApplication
Usage: #example
Title: "Food assistance, submitted"
Description: "Northside CMHC’s case manager has sent the form and waits for the interview."
* status = #in-progress
* businessStatus = $benefit-status#submitted "Submitted"
* intent = #order
* code = $case-task#benefit-application "Benefit application"
* for = Reference(Patient/amara-okonjo)
* authoredOn = "2026-03-09T10:00:00Z"
* lastModified = "2026-03-10T14:00:00Z"
* owner = Reference(Practitioner/rosa-medina)
* reasonCode = $benefit#snap "Food assistance (SNAP)"
* restriction.period.end = "2026-04-09"
