// What a Task refers to as input and output.

RuleSet: ReferenceParameter(code, name, expression, description)
* url = "https://warmhandoff.example/fhir/SearchParameter/task-{code}"
* version = "1.0.0"
* name = "{name}"
* status = #active
* experimental = false
* date = "2026-01-05"
* publisher = "Warm Handoff"
* description = {description}
* code = #{code}
* base = #Task
* type = #reference
* expression = "{expression}"
* xpathUsage = #normal

RuleSet: TargetsOfTasks
* target[+] = #Account
* target[+] = #ActivityDefinition
* target[+] = #Appointment
* target[+] = #CarePlan
* target[+] = #CareTeam
* target[+] = #Communication
* target[+] = #Condition
* target[+] = #Consent
* target[+] = #Coverage
* target[+] = #Device
* target[+] = #DeviceRequest
* target[+] = #DiagnosticReport
* target[+] = #DocumentReference
* target[+] = #Encounter
* target[+] = #EpisodeOfCare
* target[+] = #Goal
* target[+] = #HealthcareService
* target[+] = #ImagingStudy
* target[+] = #List
* target[+] = #Location
* target[+] = #MedicationRequest
* target[+] = #Observation
* target[+] = #Organization
* target[+] = #Patient
* target[+] = #PlanDefinition
* target[+] = #Practitioner
* target[+] = #PractitionerRole
* target[+] = #Procedure
* target[+] = #Provenance
* target[+] = #Questionnaire
* target[+] = #QuestionnaireResponse
* target[+] = #RelatedPerson
* target[+] = #RiskAssessment
* target[+] = #ServiceRequest
* target[+] = #Slot
* target[+] = #Task

Instance: task-input
InstanceOf: SearchParameter
Usage: #definition
* insert ReferenceParameter(input, TaskInput, [[Task.input.value.ofType(Reference)]], [["Tasks by what was sent along: the resources that Task.input refers to. Indexed, so that none of them is deleted while a Task refers to it."]])
* insert TargetsOfTasks

Instance: task-output
InstanceOf: SearchParameter
Usage: #definition
* insert ReferenceParameter(output, TaskOutput, [[Task.output.value.ofType(Reference)]], [["Tasks by what came of it: the resources that Task.output refers to. Indexed, so that none of them is deleted while a Task refers to it."]])
* insert TargetsOfTasks

// Whose turn it is and by when: the extension next-step.

RuleSet: NextStepParameter(code, name, type, expression, description)
* url = "https://warmhandoff.example/fhir/SearchParameter/task-{code}"
* version = "1.0.0"
* name = "{name}"
* status = #active
* experimental = false
* date = "2026-01-05"
* publisher = "Warm Handoff"
* description = {description}
* code = #{code}
* base = #Task
* type = #{type}
* expression = "{expression}"
* xpathUsage = #normal

Instance: task-next-action
InstanceOf: SearchParameter
Usage: #definition
* insert NextStepParameter(next-action, TaskNextAction, token, [[Task.extension.where(url = 'https://warmhandoff.example/fhir/StructureDefinition/next-step').extension.where(url = 'action').value.ofType(code)]], [["Referrals by what has to be done next."]])

Instance: task-next-due
InstanceOf: SearchParameter
Usage: #definition
* insert NextStepParameter(next-due, TaskNextDue, date, [[Task.extension.where(url = 'https://warmhandoff.example/fhir/StructureDefinition/next-step').extension.where(url = 'due').value.ofType(dateTime)]], [["Referrals by when the next action is due."]])
* comparator[+] = #lt
* comparator[+] = #le
* comparator[+] = #gt
* comparator[+] = #ge

// What a request is sent with.

Instance: service-request-supporting-info
InstanceOf: SearchParameter
Usage: #definition
* url = "https://warmhandoff.example/fhir/SearchParameter/service-request-supporting-info"
* version = "1.0.0"
* name = "ServiceRequestSupportingInfo"
* status = #active
* experimental = false
* date = "2026-01-05"
* publisher = "Warm Handoff"
* description = "Requests by what they are sent with: the resources that ServiceRequest.supportingInfo refers to. Indexed, so that none of them is deleted while a request refers to it."
* code = #supporting-info
* base = #ServiceRequest
* type = #reference
* expression = "ServiceRequest.supportingInfo"
* xpathUsage = #normal
* insert TargetsOfTasks
* target[+] = #AllergyIntolerance
* target[+] = #ClinicalImpression
* target[+] = #Composition
* target[+] = #FamilyMemberHistory
* target[+] = #Flag
* target[+] = #GuidanceResponse
* target[+] = #Immunization
* target[+] = #Media
* target[+] = #MedicationStatement
