Profile: ReferralOffer
Parent: ReferralTask
Id: referral-offer
Title: "Referral offer"
Description: "The hub’s own Task to one organization that could take a person: part of the sender’s Task, with until when an answer is awaited and for which service the organization is asked. The first to accept has it; the others are withdrawn."
* insert Published
* basedOn 1..* MS
* basedOn only Reference(ServiceRequest)
* basedOn ^short = "The sender’s request"
* partOf 1..1
* partOf only Reference(Task)
* partOf ^short = "The sender’s Task"
* focus ^short = "The hub’s own request (filler order)"
* requester only Reference(Organization)
* requester ^short = "The hub’s own Organization"
* owner 1..1
* owner ^short = "The organization asked, or who in it has taken it over"
* restriction 1..1
* restriction.period 1..1 MS
* restriction.period.end 1..1 MS
* restriction.period.end ^short = "When the offer ends without an answer"
* input 1..*
* input ^slicing.discriminator.type = #pattern
* input ^slicing.discriminator.path = "type"
* input ^slicing.rules = #open
* input contains offeredService 1..1 MS
* input[offeredService] ^short = "The service of the directory for which the organization is asked"
* input[offeredService].type = $routing-input#offered-service
* input[offeredService].value[x] only Reference(HealthcareService)

Mapping: ReferralOfferToGravity
Source: ReferralOffer
Target: "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
Id: gravity
Title: "Gravity SDOH Clinical Care: Task of a Coordination Platform"
* partOf -> "Task.partOf:SupportedPartOf" "The source’s Task."
* focus -> "Task.focus" "The platform’s own request, based on the source’s."
* requester -> "Task.requester" "The coordination platform."
* owner -> "Task.owner" "The organization asked."
* restriction -> "Task.restriction" "Not constrained there."
* input[offeredService] -> "Task.input" "Not constrained there."

Instance: example-referral-offer
InstanceOf: ReferralOffer
Usage: #example
Title: "The hub asks Northside CMHC"
Description: "An answer is awaited until the afternoon."
* extension[nextStep].extension[turn].valueReference = Reference(Organization/northside-cmhc)
* extension[nextStep].extension[action].valueCode = #answer
* extension[nextStep].extension[due].valueDateTime = "2026-03-02T13:02:00Z"
* basedOn = Reference(ServiceRequest/example-referral-request)
* partOf = Reference(Task/example-referral-task)
* status = #requested
* businessStatus = $bser#2.0 "Service Request Created"
* intent = #order
* priority = #urgent
* code = $task-code#fulfill "Fulfill the focal request"
* focus = Reference(ServiceRequest/example-filler-request)
* for = Reference(Patient/amara-okonjo)
* authoredOn = "2026-03-02T09:02:00Z"
* requester = Reference(Organization/hub) "Warm Handoff"
* owner = Reference(Organization/northside-cmhc) "Northside CMHC"
* restriction.period.end = "2026-03-02T13:02:00Z"
* note.extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/offer-reminder"
* note.extension[=].valueBoolean = true
* note.time = "2026-03-02T11:02:00Z"
* note.text = "An answer is due by 1:02 pm."
* input[offeredService].type = $routing-input#offered-service "Service asked for"
* input[offeredService].valueReference = Reference(HealthcareService/northside-cmhc-case-management) "Adult case management and intake"
