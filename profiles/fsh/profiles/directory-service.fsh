Profile: DirectoryService
Parent: HealthcareService
Id: directory-service
Title: "Directory service with capacity"
Description: "What an organization offers: to whom, where, paid by whom, and whether it has room. Routing compares it with what a person needs; docs/directory.md tells how each element counts."
* insert Published
* extension contains ServiceCapacity named capacity 0..1 MS and AcceptedPayer named payer 0..* MS and DirectoryVerified named verified 0..1 MS
* extension[capacity] ^short = "Whether it has room: confirm it regularly"
* extension[verified] ^short = "HealthcareService/$confirm sets it"
* extension[payer] ^short = "None: not known, a planner has to ask"
* active 1..1 MS
* providedBy 1..1 MS
* providedBy ^short = "Only this organization writes the entry"
* type 1..* MS
* type from $service-type-vs (preferred)
* type ^short = "HL7 service types; a referral is matched with these"
* location MS
* name 1..1 MS
* coverageArea MS
* coverageArea ^short = "Areas it serves; none: any"
* serviceProvisionCode MS
* eligibility MS
* eligibility.extension contains AgeRange named ages 0..1 MS
* eligibility.extension[ages] ^short = "Ages it serves"
* program MS
* program from $program-vs (preferred)
* characteristic MS
* characteristic from $characteristic-vs (preferred)
* communication MS
* communication ^short = "Languages (BCP 47) it works in"
* appointmentRequired MS
* availableTime MS

Mapping: DirectoryServiceToGravity
Source: DirectoryService
Target: "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-HealthcareService"
Id: gravity
Title: "Gravity SDOH Clinical Care: HealthcareService"
* extension[capacity] -> "capacity status codes" "Gravity’s codes, in an extension with the day of confirmation."
* active -> "HealthcareService.active" "true there; here a service may be closed for a time."
* location -> "HealthcareService.location" "The same."
* name -> "HealthcareService.name" "Required in both."
* communication -> "HealthcareService.communication" "The same."
* appointmentRequired -> "HealthcareService.appointmentRequired" "The same."
* availableTime -> "HealthcareService.availableTime" "The same."

Instance: example-directory-service
InstanceOf: DirectoryService
Usage: #example
Title: "Case management at Northside CMHC"
Description: "With room for a first visit in two days."
* extension[capacity].extension[status].valueCoding = $gravity#capacity
* extension[capacity].extension[confirmed].valueDate = "2026-02-28"
* extension[capacity].extension[first-opening].valueDate = "2026-03-04"
* extension[capacity].extension[slots].valueUnsignedInt = 2
* extension[capacity].extension[wait-days].valueUnsignedInt = 4
* extension[verified].valueDate = "2026-02-28"
* extension[payer].valueReference = Reference(Organization/prairie-medicaid) "Prairie State Medicaid"
* extension[PacketNeed][0].extension[item].valueCodeableConcept = $packet-item#discharge-summary "Discharge summary"
* extension[PacketNeed][=].extension[strength].valueCode = #expected
* extension[PacketNeed][=].extension[within-days].valuePositiveInt = 30
* extension[PacketNeed][+].extension[questionnaire].valueCanonical = "https://warmhandoff.example/fhir/Questionnaire/c-ssrs"
* extension[PacketNeed][=].extension[strength].valueCode = #required
* active = true
* providedBy = Reference(Organization/northside-cmhc) "Northside CMHC"
* type[0] = $service-type#136 "Mental Health Case Management"
* type[1] = $service-type#279 "Case Management"
* location = Reference(Location/northside-cmhc-site)
* name = "Adult case management and intake"
* serviceProvisionCode = $provision#disc "Discounts Available"
* eligibility.extension[ages].valueRange.low = 18 'a' "years"
* program = $routing-program#ccbhc "Certified community behavioral health clinic"
* characteristic = $routing-characteristic#evening-hours "Evening hours"
* communication = urn:ietf:bcp:47#es "Spanish"
* referralMethod = $referral-method#elec "Secure Messaging"
* appointmentRequired = true
