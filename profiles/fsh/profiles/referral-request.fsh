Profile: ReferralRequest
Parent: ServiceRequest
Id: referral-request
Title: "Referral request"
Description: "What a sender asks for a person: a service, why, how urgently. It says nothing about who does it: a referral Task asks an organization. Where a coordinator passes the request on, it does so with a request of its own (filler-order) based on the sender’s."
* insert Published
* insert CompliesWith(http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest)
* obeys filler-based-on
* basedOn MS
* basedOn ^short = "On a filler order: the sender’s request"
* status MS
* status from $request-status-vs (required)
* intent MS
* intent from $request-intent-vs (required)
* category MS
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "coding.system"
* category ^slicing.rules = #open
* category contains socialNeed 0..* MS and program 0..* MS
* category[socialNeed] from $social-need-vs (required)
* category[socialNeed] ^short = "Which social need it is about (Gravity)"
* category[socialNeed].coding 1..*
* category[socialNeed].coding.system 1..1
* category[socialNeed].coding.system = $gravity (exactly)
* category[socialNeed].coding.code 1..1
* category[program] from $program-vs (required)
* category[program] ^short = "The program it is meant for, with rules of its own in routing"
* category[program].coding 1..*
* category[program].coding.system 1..1
* category[program].coding.system = $routing-program (exactly)
* category[program].coding.code 1..1
* priority MS
* priority ^short = "Sets by when each step is due; absent: routine"
* code 1..1 MS
* code from $referral-service-vs (preferred)
* code ^short = "The service asked for: the hub’s codes, an HL7 service type, or SNOMED CT"
* subject MS
* subject only Reference(Patient)
* encounter MS
* encounter ^short = "The stay that the person is leaving"
* occurrence[x] MS
* authoredOn MS
* requester 1..1 MS
* requester only Reference(Organization or PractitionerRole or Practitioner or Patient or RelatedPerson)
* requester ^short = "Who asks: your organization, or somebody in a role there"
* reasonCode MS
* reasonReference MS
* reasonReference ^short = "Why; shown to whoever is asked"
* insurance MS
* insurance ^short = "Who pays; compared with the payers a service accepts"
* supportingInfo MS
* supportingInfo ^short = "What else whoever is asked may see"
* note MS

Invariant: filler-based-on
Description: "A filler order is based on the request that it passes on."
Severity: #error
Expression: "intent = 'filler-order' implies basedOn.exists()"

Mapping: ReferralRequestToUsCore
Source: ReferralRequest
Target: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest"
Id: us-core
Title: "US Core 8: ServiceRequest"
* status -> "ServiceRequest.status" "The hub allows all of its values but unknown."
* intent -> "ServiceRequest.intent" "order, original-order or filler-order."
* category -> "ServiceRequest.category" "US Core’s own slice may be there as well."
* code -> "ServiceRequest.code" "Required in both. US Core binds it, extensible, to procedure codes."
* subject -> "ServiceRequest.subject" "A person only."
* encounter -> "ServiceRequest.encounter" "The same."
* occurrence[x] -> "ServiceRequest.occurrence[x]" "The same."
* authoredOn -> "ServiceRequest.authoredOn" "The same."
* requester -> "ServiceRequest.requester" "Required by the hub."
* reasonCode -> "ServiceRequest.reasonCode" "The same."
* reasonReference -> "ServiceRequest.reasonReference" "The same."

Mapping: ReferralRequestToGravity
Source: ReferralRequest
Target: "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ServiceRequest"
Id: gravity
Title: "Gravity SDOH Clinical Care: ServiceRequest"
* basedOn -> "ServiceRequest.basedOn:SupportedBasedOn" "How a coordination platform refers to the source’s request."
* status -> "ServiceRequest.status" "The same, but unknown."
* intent -> "ServiceRequest.intent" "order by the source, filler-order by the hub."
* category[socialNeed] -> "ServiceRequest.category:SDOHCC" "Required there, for social needs; optional here, since the hub also carries clinical referrals."
* priority -> "ServiceRequest.priority" "The same."
* code -> "ServiceRequest.code" "Gravity asks for US Core procedure codes: the hub takes SNOMED CT as it comes and maps its own (ConceptMap referral-service-to-snomed)."
* subject -> "ServiceRequest.subject" "A person only."
* authoredOn -> "ServiceRequest.authoredOn" "The same."
* requester -> "ServiceRequest.requester" "Required by the hub."
* reasonReference -> "ServiceRequest.reasonReference:SupportedReasonReference" "The same."
* supportingInfo -> "ServiceRequest.supportingInfo:SupportedSupportingInfo" "A Consent there; here anything that whoever is asked may see."

Instance: example-referral-request
InstanceOf: ReferralRequest
Usage: #example
Title: "Case management after a stay"
Description: "General Hospital asks for a case manager for Amara Okonjo."
* status = #active
* intent = #order
* category[program] = $routing-program#ccbhc "Certified community behavioral health clinic"
* priority = #urgent
* code = $referral-service#case-management "Case management"
* code.text = "Case management after discharge"
* subject = Reference(Patient/amara-okonjo)
* encounter = Reference(Encounter/amara-okonjo-stay)
* authoredOn = "2026-03-02T09:00:00Z"
* requester = Reference(Organization/general-hospital) "General Hospital"
* reasonReference = Reference(Condition/amara-okonjo-diagnosis) "Bipolar II disorder"
* insurance = Reference(Coverage/amara-okonjo-coverage)
* note.text = "Prefers to be called in the evening."

Instance: example-filler-request
InstanceOf: ReferralRequest
Usage: #example
Title: "The same request, passed on by the hub"
Description: "On this request of the hub the organizations asked work; it is based on the hospital’s."
* basedOn = Reference(ServiceRequest/example-referral-request)
* status = #active
* intent = #filler-order
* priority = #urgent
* code = $referral-service#case-management "Case management"
* subject = Reference(Patient/amara-okonjo)
* authoredOn = "2026-03-02T09:02:00Z"
* requester = Reference(Organization/hub) "Warm Handoff"
* reasonReference = Reference(Condition/amara-okonjo-diagnosis)

Instance: example-housing-request
InstanceOf: ReferralRequest
Usage: #example
Title: "A place to sleep"
Description: "County Hospital asks a shelter directly; the social need is coded as Gravity does."
* status = #active
* intent = #order
* category[socialNeed] = $gravity#homelessness "Homelessness"
* priority = #routine
* code = $referral-service#housing "Housing"
* subject = Reference(Patient/priya-nair)
* authoredOn = "2026-03-03T15:30:00Z"
* requester = Reference(Organization/county-hospital) "County Hospital"
