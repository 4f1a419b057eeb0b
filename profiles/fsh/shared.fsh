// Names for canonical URLs, and rules that every definition follows.

Alias: $capacity = https://warmhandoff.example/fhir/ValueSet/capacity-status
Alias: $next-action = https://warmhandoff.example/fhir/ValueSet/next-action
Alias: $escalation-rung = https://warmhandoff.example/fhir/ValueSet/escalation-rung
Alias: $consent-statement-vs = https://warmhandoff.example/fhir/ValueSet/consent-statement
Alias: $case-stage-vs = https://warmhandoff.example/fhir/ValueSet/case-stage
Alias: $request-status-vs = https://warmhandoff.example/fhir/ValueSet/referral-request-status
Alias: $request-intent-vs = https://warmhandoff.example/fhir/ValueSet/referral-request-intent
Alias: $task-status-vs = https://warmhandoff.example/fhir/ValueSet/referral-task-status
Alias: $business-status-vs = https://warmhandoff.example/fhir/ValueSet/referral-business-status
Alias: $status-reason-vs = https://warmhandoff.example/fhir/ValueSet/referral-status-reason
Alias: $referral-service-vs = https://warmhandoff.example/fhir/ValueSet/referral-service
Alias: $social-need-vs = https://warmhandoff.example/fhir/ValueSet/social-need
Alias: $care-team-role-vs = https://warmhandoff.example/fhir/ValueSet/care-team-role
Alias: $service-type-vs = https://warmhandoff.example/fhir/ValueSet/directory-service-type
Alias: $characteristic-vs = https://warmhandoff.example/fhir/ValueSet/routing-characteristic
Alias: $program-vs = https://warmhandoff.example/fhir/ValueSet/routing-program
Alias: $benefit-vs = https://warmhandoff.example/fhir/ValueSet/benefit
Alias: $benefit-status-vs = https://warmhandoff.example/fhir/ValueSet/benefit-application-status
Alias: $sensitivity-vs = https://warmhandoff.example/fhir/ValueSet/sensitivity
Alias: $purpose-vs = https://warmhandoff.example/fhir/ValueSet/consent-purpose
Alias: $inpatient-vs = https://warmhandoff.example/fhir/ValueSet/inpatient-class

Alias: $referral-service = https://warmhandoff.example/fhir/CodeSystem/referral-service
Alias: $referral-status = https://warmhandoff.example/fhir/CodeSystem/referral-status
Alias: $decline-reason = https://warmhandoff.example/fhir/CodeSystem/decline-reason
Alias: $closure-reason = https://warmhandoff.example/fhir/CodeSystem/closure-reason
Alias: $routing-input = https://warmhandoff.example/fhir/CodeSystem/routing-input
Alias: $routing-program = https://warmhandoff.example/fhir/CodeSystem/routing-program
Alias: $routing-characteristic = https://warmhandoff.example/fhir/CodeSystem/routing-characteristic
Alias: $team-role = https://warmhandoff.example/fhir/CodeSystem/care-team-role
Alias: $case-task = https://warmhandoff.example/fhir/CodeSystem/case-task
Alias: $packet-item = https://warmhandoff.example/fhir/CodeSystem/packet-item
Alias: $packet-gap-reason = https://warmhandoff.example/fhir/CodeSystem/packet-gap-reason
Alias: $benefit = https://warmhandoff.example/fhir/CodeSystem/benefit
Alias: $benefit-status = https://warmhandoff.example/fhir/CodeSystem/benefit-application-status

Alias: $bser = http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS
Alias: $gravity = http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes
Alias: $careplan-category = http://hl7.org/fhir/us/core/CodeSystem/careplan-category
Alias: $task-code = http://hl7.org/fhir/CodeSystem/task-code
Alias: $service-type = http://terminology.hl7.org/CodeSystem/service-type
Alias: $act-code = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $act-reason = http://terminology.hl7.org/CodeSystem/v3-ActReason
Alias: $participation = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
Alias: $consent-scope = http://terminology.hl7.org/CodeSystem/consentscope
Alias: $disposition = http://terminology.hl7.org/CodeSystem/discharge-disposition
Alias: $provision = http://terminology.hl7.org/CodeSystem/service-provision-conditions
Alias: $referral-method = http://terminology.hl7.org/CodeSystem/service-referral-method

Alias: $planned-end = http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate
Alias: $complies = http://hl7.org/fhir/StructureDefinition/structuredefinition-compliesWithProfile

RuleSet: Published
* ^status = #active
* ^experimental = false
* ^date = "2026-01-05"
* ^publisher = "Warm Handoff"

// An instance of the profile is also one of the other guide's, as far as its own codes allow.
RuleSet: CompliesWith(profile)
* ^extension[+].url = $complies
* ^extension[=].valueCanonical = "{profile}"
