Extension: CaseStage
Id: case-stage
Title: "Stage of case management"
Description: "How far the case has come: engage, assess, strengths, resources, follow-up, discharge. A center repeats it for each stage, with its period."
Context: EpisodeOfCare
* insert Published
* . 0..*
* . ^short = "Stage, since when and until when"
* extension ^slicing.rules = #closed
* extension contains stage 1..1 and period 0..1
* extension[stage] ^short = "The stage"
* extension[stage].value[x] 1..1
* extension[stage].value[x] only code
* extension[stage].value[x] from $case-stage-vs (required)
* extension[period] ^short = "Since when; with an end once the next stage has begun"
* extension[period].value[x] 1..1
* extension[period].value[x] only Period

Extension: PlannedEndDate
Id: planned-end-date
Title: "Expected discharge"
Description: "The date or time at which the stay is expected to end: FHIR R5's Encounter.plannedEndDate, under the URL that HL7 gives it for use in R4."
Context: Encounter
* insert Published
* ^url = $planned-end
* . 0..1
* . ^short = "When the person is expected to leave"
* value[x] 1..1
* value[x] only dateTime
