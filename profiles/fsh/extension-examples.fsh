// Examples of extensions that no example of a profile has.

Instance: example-emergency-access
InstanceOf: Communication
Usage: #example
Title: "A record was opened in an emergency"
Description: "The hub tells Southside CMHC that General Hospital opened the record of a person it keeps."
* extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/emergency-access-period"
* extension[=].valuePeriod.start = "2026-03-02T02:10:00Z"
* extension[=].valuePeriod.end = "2026-03-02T14:10:00Z"
* status = #completed
* category = https://warmhandoff.example/fhir/CodeSystem/communication-category#emergency-access "Emergency access"
* priority = #stat
* subject = Reference(Patient/kenji-aldana)
* topic.text = "The record was opened in an emergency"
* sent = "2026-03-02T02:10:00Z"
* recipient = Reference(Organization/southside-cmhc)
* sender = Reference(Organization/general-hospital)
* reasonCode = $act-reason#ETREAT
* payload.contentString = "Found unconscious; allergies and medication are not known."

Instance: example-lowered-label
InstanceOf: Condition
Usage: #example
Title: "A label that was taken away"
Description: "A diagnosis that had been labelled as substance use by its code: the owner said why that does not hold."
* meta.extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/label-lowered"
* meta.extension[=].extension[+].url = "label"
* meta.extension[=].extension[=].valueCode = #SUD
* meta.extension[=].extension[+].url = "reason"
* meta.extension[=].extension[=].valueString = "Entered by mistake: the diagnosis is another person’s."
* meta.extension[=].extension[+].url = "by"
* meta.extension[=].extension[=].valueReference = Reference(Organization/general-hospital)
* meta.extension[=].extension[+].url = "at"
* meta.extension[=].extension[=].valueInstant = "2026-03-02T08:00:00Z"
* verificationStatus = http://terminology.hl7.org/CodeSystem/condition-ver-status#entered-in-error
* code.text = "Entered by mistake"
* subject = Reference(Patient/kenji-aldana)

Instance: example-organization
InstanceOf: Organization
Usage: #example
Title: "A center with quiet hours"
Description: "Nobody at Northside CMHC is written to at night."
* extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/quiet-hours"
* extension[=].extension[+].url = "from"
* extension[=].extension[=].valueTime = "20:00:00"
* extension[=].extension[+].url = "to"
* extension[=].extension[=].valueTime = "07:30:00"
* active = true
* type = http://nucc.org/provider-taxonomy#261QM0801X
* name = "Northside CMHC"

Instance: example-subscription
InstanceOf: Subscription
Usage: #example
Title: "Told of each new referral"
Description: "Northside CMHC’s EHR is told of Tasks that wait for its answer. The secret is shown once, in the answer to the create."
* extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/subscription-signing"
* extension[=].valueString = "sealed:example"
* status = #active
* reason = "Tell our EHR"
* criteria = "Task?owner=Organization/northside-cmhc&status=requested"
* channel.type = #rest-hook
* channel.endpoint = "https://ehr.northside-cmhc.example/hooks/hub"
