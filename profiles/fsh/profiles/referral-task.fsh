Profile: ReferralTask
Parent: Task
Id: referral-task
Title: "Referral task"
Description: "Asks one organization, or the hub, to take on a referral request, and carries every step until the outcome. The sender polls it; the receiver moves it. What may follow what is the table of the lifecycle."
* insert Published
* obeys completed-has-output and ended-has-reason
* extension contains NextStep named nextStep 0..1 MS and PriorStep named priorStep 0..1 and Escalation named escalation 0..* and AccessClock named accessClock 0..1
* extension[nextStep] ^short = "Whose turn, what next, by when: kept by the hub"
* partOf MS
* status MS
* status from $task-status-vs (required)
* statusReason MS
* statusReason from $status-reason-vs (preferred)
* statusReason ^short = "Why: a code, and words for people"
* statusReason.text MS
* businessStatus MS
* businessStatus from $business-status-vs (extensible)
* businessStatus ^short = "The step as BSeR counts it; absent, the hub fills it in"
* intent = #order (exactly)
* intent MS
* priority MS
* code 1..1 MS
* code = $task-code#fulfill
* description MS
* focus 1..1 MS
* focus only Reference(ServiceRequest)
* for 1..1 MS
* for only Reference(Patient)
* authoredOn MS
* requester 1..1 MS
* requester only Reference(Organization or PractitionerRole or Practitioner)
* owner MS
* owner only Reference(Organization or PractitionerRole or Practitioner or HealthcareService or CareTeam)
* owner ^short = "Who is asked. The hub’s own Organization: find somebody. Absent: the first named in restriction.recipient that claims it"
* executionPeriod MS
* executionPeriod ^short = "When the visit is, once it is scheduled"
* note MS
* note ^short = "Each step in words: who, what, when"
* restriction MS
* restriction.period ^short = "Until when an answer is awaited"
* restriction.recipient ^short = "Who may claim a Task without an owner"
* input MS
* input ^short = "What routing is to heed, and what is sent along"
* output MS
* output ^short = "What came of it: required once completed"

Invariant: completed-has-output
Description: "A completed referral has at least one output."
Severity: #error
Expression: "status = 'completed' implies output.exists()"

Invariant: ended-has-reason
Description: "A referral that was declined, given up or put on hold says why; the hub adds that no reason was given."
Severity: #warning
Expression: "(status = 'rejected' or status = 'failed' or status = 'on-hold') implies statusReason.exists()"

Mapping: ReferralTaskToGravity
Source: ReferralTask
Target: "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
Id: gravity
Title: "Gravity SDOH Clinical Care: Task for Referral Management"
* partOf -> "Task.partOf:SupportedPartOf" "How a coordination platform refers to the source’s Task."
* status -> "Task.status" "The same codes and the same transitions."
* statusReason -> "Task.statusReason" "Gravity asks for the text; the hub adds a code."
* businessStatus -> "Task.businessStatus" "Not constrained there."
* intent -> "Task.intent" "order in both."
* priority -> "Task.priority" "The same."
* code -> "Task.code" "fulfill in both."
* focus -> "Task.focus" "A referral request."
* for -> "Task.for" "A person only."
* authoredOn -> "Task.authoredOn" "Required there; the hub takes a Task without."
* requester -> "Task.requester" "The same."
* owner -> "Task.owner" "Absent: open to be claimed, in both."
* output -> "Task.output:PerformedActivityReference" "resulting-activity with a Procedure, or any other output."

Mapping: ReferralTaskToBser
Source: ReferralTask
Target: "http://hl7.org/fhir/us/bser/StructureDefinition/BSeR-ReferralTask"
Id: bser
Title: "BSeR 2: Referral Task"
* status -> "Task.status" "requested here is received there; failed, and cancelled by the receiver, are rejected there; on-hold is in-progress with the earlier code."
* businessStatus -> "Task.businessStatus" "The same codes; the hub’s finer steps by ConceptMap referral-status-to-bser."
* focus -> "Task.focus" "The same."
* for -> "Task.for" "The same."
* requester -> "Task.requester" "The same."
* owner -> "Task.owner" "The same."

Mapping: ReferralTaskTo360X
Source: ReferralTask
Target: "https://profiles.ihe.net/PCC/360X"
Id: ihe-360x
Title: "IHE 360X"
* businessStatus -> "PCC-55 … PCC-61" "Which message each step is: ConceptMap referral-status-to-360x."

Instance: example-referral-task
InstanceOf: ReferralTask
Usage: #example
Title: "A referral sent to the hub, under way"
Description: "General Hospital’s own Task: the hub has found Northside CMHC, which has scheduled a visit."
* extension[nextStep].extension[turn].valueReference = Reference(Organization/northside-cmhc)
* extension[nextStep].extension[action].valueCode = #record-visit
* extension[nextStep].extension[due].valueDateTime = "2026-03-06T15:00:00Z"
* status = #in-progress
* businessStatus = $bser#5.1.1 "Service Request Event Scheduled"
* intent = #order
* priority = #urgent
* code = $task-code#fulfill "Fulfill the focal request"
* description = "Case management after discharge"
* focus = Reference(ServiceRequest/example-referral-request)
* for = Reference(Patient/amara-okonjo)
* executionPeriod.start = "2026-03-05T15:00:00Z"
* authoredOn = "2026-03-02T09:00:00Z"
* lastModified = "2026-03-03T10:20:00Z"
* requester = Reference(Organization/general-hospital) "General Hospital"
* owner = Reference(Organization/hub) "Warm Handoff"
* note[0].time = "2026-03-03T10:20:00Z"
* note[0].text = "Northside CMHC scheduled a visit."
* input[0].type = $routing-input#avoid "Do not ask"
* input[0].valueReference = Reference(Organization/southside-cmhc)
* input[1].type = $routing-input#wish "Wish"
* input[1].valueCodeableConcept = $routing-characteristic#evening-hours "Evening hours"

Instance: example-completed-task
InstanceOf: ReferralTask
Usage: #example
Title: "A referral that reached its outcome"
Description: "Harbor Shelter, asked directly by County Hospital, has taken Priya Nair in."
* status = #completed
* statusReason = $closure-reason#engaged "Engaged"
* statusReason.text = "Moved in on 4 March"
* businessStatus = $bser#7.0 "Service Request Fulfillment Completed"
* intent = #order
* code = $task-code#fulfill
* focus = Reference(ServiceRequest/example-housing-request)
* for = Reference(Patient/priya-nair)
* authoredOn = "2026-03-03T15:30:00Z"
* requester = Reference(Organization/county-hospital) "County Hospital"
* owner = Reference(Organization/harbor-shelter) "Harbor Shelter"
* output.type = $gravity#resulting-activity
* output.valueReference = Reference(Procedure/priya-nair-moved-in)

Instance: example-waitlisted-task
InstanceOf: ReferralTask
Usage: #example
Title: "A referral on a waiting list"
Description: "On hold: the step it stood at before is kept, and comes back when it is resumed."
* extension[priorStep].valueCodeableConcept = $bser#3.0 "Service Request Accepted"
* status = #on-hold
* statusReason = $decline-reason#no-capacity "No capacity"
* statusReason.text = "A place is expected in April"
* businessStatus = $referral-status#waitlisted "On hold or waitlisted"
* intent = #order
* code = $task-code#fulfill
* focus = Reference(ServiceRequest/example-housing-request)
* for = Reference(Patient/priya-nair)
* requester = Reference(Organization/county-hospital)
* owner = Reference(Organization/housing-authority)

Instance: example-overdue-task
InstanceOf: ReferralTask
Usage: #example
Title: "A referral that waits for its sender"
Description: "Southside CMHC has asked General Hospital something before it answers: its own clock stands still meanwhile. Nobody answered in time, so that the hospital was reminded. The referral was sent without two things that Southside CMHC expects; one of them has come since. Another open referral asks for the same."
* extension[nextStep].extension[turn].valueReference = Reference(Organization/general-hospital)
* extension[nextStep].extension[action].valueCode = #provide-information
* extension[nextStep].extension[due].valueDateTime = "2026-03-10T16:30:00Z"
* extension[nextStep].extension[since].valueDateTime = "2026-03-06T15:00:00Z"
* extension[nextStep].extension[waiting].valueCode = #answer
* extension[nextStep].extension[pause][0].valuePeriod.start = "2026-03-09T16:30:00Z"
* extension[escalation].extension[rung].valueCode = #reminder
* extension[escalation].extension[action].valueCode = #provide-information
* extension[escalation].extension[due].valueDateTime = "2026-03-10T16:30:00Z"
* extension[escalation].extension[at].valueDateTime = "2026-03-10T16:30:00Z"
* extension[PacketGap][0].extension[item].valueCodeableConcept = $packet-item#discharge-summary "Discharge summary"
* extension[PacketGap][=].extension[reason].valueCodeableConcept = $packet-gap-reason#to-follow "To follow"
* extension[PacketGap][=].extension[reason].valueCodeableConcept.text = "Signed after the discharge on Monday"
* extension[PacketGap][+].extension[questionnaire].valueCanonical = "https://warmhandoff.example/fhir/Questionnaire/c-ssrs"
* extension[PacketGap][=].extension[reason].valueCodeableConcept = $packet-gap-reason#urgent "Urgent"
* extension[PacketGap][=].extension[supplied].valueDateTime = "2026-03-06T18:20:00Z"
* extension[PossibleDuplicate].valueReference = Reference(Task/example-referral-task)
* status = #received
* businessStatus = $referral-status#info-requested "Information requested"
* intent = #order
* priority = #routine
* code = $task-code#fulfill
* focus = Reference(ServiceRequest/example-referral-request)
* for = Reference(Patient/amara-okonjo)
* authoredOn = "2026-03-06T15:00:00Z"
* requester = Reference(Organization/general-hospital) "General Hospital"
* owner = Reference(Organization/southside-cmhc) "Southside CMHC"
* note.time = "2026-03-09T16:30:00Z"
* note.text = "Southside CMHC asks: which medication was begun?"

Instance: example-seen-task
InstanceOf: ReferralTask
Usage: #example
Title: "A person who was seen in time"
Description: "A primary care practice submitted an urgent referral to a program with times of access: the person was seen the day after."
* extension[nextStep].extension[turn].valueReference = Reference(Organization/northside-cmhc)
* extension[nextStep].extension[action].valueCode = #report-outcome
* extension[nextStep].extension[due].valueDateTime = "2026-03-06T15:00:00Z"
* extension[accessClock].extension[clock].valueCode = #urgent-evaluation
* extension[accessClock].extension[since].valueDateTime = "2026-03-02T09:00:00Z"
* extension[accessClock].extension[until].valueDateTime = "2026-03-04T05:59:59.999Z"
* extension[accessClock].extension[met].valueDateTime = "2026-03-03T15:00:00Z"
* extension[SubmissionDigest].valueString = "mZ0nQ3v7H1kXy5cJ8rT2wLbF6gDpSaEoUi4xKqVtN9M"
* identifier.system = "https://ehr.lakeside-practice.example/referrals"
* identifier.value = "2026-0302-17"
* status = #in-progress
* businessStatus = $bser#5.1.4 "Service Request Event Completed"
* intent = #order
* priority = #urgent
* code = $task-code#fulfill
* focus = Reference(ServiceRequest/example-referral-request)
* for = Reference(Patient/amara-okonjo)
* executionPeriod.start = "2026-03-03T15:00:00Z"
* authoredOn = "2026-03-02T09:00:00Z"
* requester = Reference(Organization/lakeside-practice) "Lakeside Practice"
* owner = Reference(Organization/northside-cmhc) "Northside CMHC"
