Extension: CriterionFacts
Id: criterion-facts
Title: "Facts of a criterion"
Description: "FHIRPath over considered, the resources of the criterion’s input: those that the decision rests on."
Context: PlanDefinition.action
* insert Published
* . 0..1
* . ^short = "Which resources are its facts"
* value[x] 1..1
* value[x] only Expression

Extension: CriterionKnown
Id: criterion-known
Title: "When a criterion is known not to be met"
Description: "FHIRPath over considered and facts: unless it is true, a criterion that is not met is missing, not denied. Without it: something was considered."
Context: PlanDefinition.action
* insert Published
* . 0..1
* . ^short = "Whether enough is known to say no"
* value[x] 1..1
* value[x] only Expression

Extension: CriterionMissing
Id: criterion-missing
Title: "What a criterion lacks"
Description: "What to ask for where a criterion cannot be decided, in words."
Context: PlanDefinition.action
* insert Published
* . 0..1
* . ^short = "What to ask for"
* value[x] 1..1
* value[x] only string

Instance: example-criteria
InstanceOf: PlanDefinition
Usage: #example
Title: "Criteria of a site’s own"
Description: "A program of its own: homeless in the last year, as an Observation says it."
* url = "https://warmhandoff.example/fhir/PlanDefinition/example-criteria"
* version = "1.0.0"
* name = "ExampleCriteria"
* title = "Housing first"
* status = #active
* action.id = "eligible"
* action.title = "Eligible"
* action.selectionBehavior = #all
* action.action.id = "homeless"
* action.action.title = "Homeless in the last 12 months"
* action.action.extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/criterion-facts"
* action.action.extension[=].valueExpression.language = #text/fhirpath
* action.action.extension[=].valueExpression.expression = "considered.where(code.coding.where(code = '71802-3').exists())"
* action.action.extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/criterion-known"
* action.action.extension[=].valueExpression.language = #text/fhirpath
* action.action.extension[=].valueExpression.expression = "facts.exists()"
* action.action.extension[+].url = "https://warmhandoff.example/fhir/StructureDefinition/criterion-missing"
* action.action.extension[=].valueString = "The living situation, asked in the last 12 months"
* action.action.condition.kind = #applicability
* action.action.condition.expression.language = #text/fhirpath
* action.action.condition.expression.expression = "facts.value.coding.where(code = 'LA31995-6').exists()"
* action.action.input.type = #Observation
* action.action.input.dateFilter.path = "effective"
* action.action.input.dateFilter.valueDuration = 12 'mo' "months"
