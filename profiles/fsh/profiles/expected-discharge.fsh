Profile: ExpectedDischarge
Parent: Encounter
Id: expected-discharge
Title: "Expected discharge"
Description: "A stay in hospital with the day the person is expected to leave, so that services are in place before."
* insert Published
* insert CompliesWith(http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter)
* extension contains PlannedEndDate named plannedEndDate 1..1 MS
* status MS
* class MS
* class from $inpatient-vs (required)
* class ^short = "A stay: IMP, ACUTE, NONAC or OBSENC"
* type 1..* MS
* subject 1..1 MS
* subject only Reference(Patient)
* period 1..1 MS
* period.start 1..1 MS
* reasonCode MS
* reasonReference MS
* hospitalization MS
* hospitalization.dischargeDisposition MS
* hospitalization.dischargeDisposition ^short = "home, psy, aadvice, …: once the person has left"
* location MS
* serviceProvider 1..1 MS

Mapping: ExpectedDischargeToUsCore
Source: ExpectedDischarge
Target: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter"
Id: us-core
Title: "US Core 8: Encounter"
* status -> "Encounter.status" "The same."
* class -> "Encounter.class" "A stay only."
* type -> "Encounter.type" "Required in both."
* subject -> "Encounter.subject" "Required in both."
* period -> "Encounter.period" "With a start."
* reasonCode -> "Encounter.reasonCode" "The same."
* reasonReference -> "Encounter.reasonReference" "The same."
* hospitalization.dischargeDisposition -> "Encounter.hospitalization.dischargeDisposition" "The same."
* location -> "Encounter.location" "The same."
* serviceProvider -> "Encounter.serviceProvider" "Required here."

Instance: example-expected-discharge
InstanceOf: ExpectedDischarge
Usage: #example
Title: "A stay that will end on Thursday"
Description: "Amara Okonjo’s stay in General Hospital, with its expected end."
* extension[plannedEndDate].valueDateTime = "2026-03-05"
* status = #in-progress
* class = $act-code#IMP "inpatient encounter"
* type.text = "Inpatient psychiatry"
* subject = Reference(Patient/amara-okonjo)
* period.start = "2026-02-19T20:15:00Z"
* reasonReference = Reference(Condition/amara-okonjo-diagnosis)
* serviceProvider = Reference(Organization/general-hospital)
