// What people do with a referral. The inputs are those of src/referral/working; a test compares them.

Instance: referral-send
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-send, send, ReferralSend, [[Send the referral]], true)
* insert On(Task, false, true)
* description = "Sends a draft to whom it names. From then on it has a turn and a due time."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-accept
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-accept, accept, ReferralAccept, [[Accept]], true)
* insert On(Task, false, true)
* description = "Takes the referral on; with a Slot or a time also books the first visit."
* insert In(slot, 0, 1, Reference, [["A free Slot of your own: it becomes busy in the same commit. Instead of start."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Slot"
* insert In(start, 0, 1, dateTime, [["When the visit begins, where no Slot is named."]])
* insert In(end, 0, 1, dateTime, [["When the visit ends; absent: 60 minutes after start."]])
* insert In(location, 0, 1, Reference, [["Where the visit is."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Location"
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-claim
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-claim, claim, ReferralClaim, [[Claim]], true)
* insert On(Task, false, true)
* description = "Takes on a referral that asks nobody by name; the first that claims it has it."
* insert In(slot, 0, 1, Reference, [["A free Slot of your own: it becomes busy in the same commit. Instead of start."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Slot"
* insert In(start, 0, 1, dateTime, [["When the visit begins, where no Slot is named."]])
* insert In(end, 0, 1, dateTime, [["When the visit ends; absent: 60 minutes after start."]])
* insert In(location, 0, 1, Reference, [["Where the visit is."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Location"
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-decline
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-decline, decline, ReferralDecline, [[Decline]], true)
* insert On(Task, false, true)
* description = "Says no, and why, so that somebody else can be asked."
* insert In(reason, 1, 1, CodeableConcept, [["Why the referral is declined."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/decline-reason"
* insert In(comment, 0, 1, string, [["The reason in words, for the other party; required for the reason \"other\"."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-start
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-start, start, ReferralStart, [[Start]], true)
* insert On(Task, false, true)
* description = "Work has begun, before there is a visit."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-ask
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-ask, ask, ReferralAsk, [[Ask the sender]], true)
* insert On(Task, false, true)
* description = "A question that has to be answered before the work goes on: now it is the turn of the sender."
* insert In(text, 1, 1, string, [["The question."]])
* insert In(identifier, 0, 1, Identifier, [["Of the caller's own (system and value): the same call again changes nothing."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-answer
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-answer, answer, ReferralAnswer, [[Answer the question]], true)
* insert On(Task, false, true)
* description = "Gives what was asked for: it is the turn of the receiver again, with a new due time."
* insert In(text, 1, 1, string, [["The answer."]])
* insert In(document, 0, *, Reference, [["What goes along with it."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/DocumentReference"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Observation"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Condition"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Consent"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Coverage"
* insert In(identifier, 0, 1, Identifier, [["Of the caller's own (system and value): the same call again changes nothing."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-message
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-message, message, ReferralMessage, [[Write a message]], true)
* insert On(Task, false, true)
* description = "Writes to the other party. Nothing else changes: no clock stops."
* insert In(text, 1, 1, string, [["What is said."]])
* insert In(document, 0, *, Reference, [["What goes along with it."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/DocumentReference"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Observation"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Condition"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Consent"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Coverage"
* insert In(in-response-to, 0, 1, Reference, [["The message that this one answers."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Communication"
* insert In(identifier, 0, 1, Identifier, [["Of the caller's own (system and value): the same call again changes nothing."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-schedule
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-schedule, schedule, ReferralSchedule, [[Schedule a visit]], true)
* insert On(Task, false, true)
* description = "Books a visit, or moves the one that is booked."
* insert In(slot, 0, 1, Reference, [["A free Slot of your own: it becomes busy in the same commit. Instead of start."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Slot"
* insert In(start, 0, 1, dateTime, [["When the visit begins, where no Slot is named."]])
* insert In(end, 0, 1, dateTime, [["When the visit ends; absent: 60 minutes after start."]])
* insert In(location, 0, 1, Reference, [["Where the visit is."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Location"
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-no-show
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-no-show, no-show, ReferralNoShow, [[Missed visit]], true)
* insert On(Task, false, true)
* description = "The person did not come: outreach begins, and the visit needs a new date."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-cancel-appointment
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-cancel-appointment, cancel-appointment, ReferralCancelAppointment, [[Cancel the visit]], true)
* insert On(Task, false, true)
* description = "The visit does not take place; its Slot is free again. The referral stands."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-keep
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-keep, keep, ReferralKeep, [[Visit kept]], true)
* insert On(Task, false, true)
* description = "The person has come. The next step is the outcome, or another visit."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-contact-attempt
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-contact-attempt, contact-attempt, ReferralContactAttempt, [[Record a contact attempt]], true)
* insert On(Task, false, true)
* description = "Somebody has tried to reach the person. After 3 attempts \"unable-to-contact\" may be the reason to close."
* insert In(medium, 1, 1, CodeableConcept, [["By which way."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/contact-medium"
* insert In(outcome, 1, 1, CodeableConcept, [["What came of it."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/contact-outcome"
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert In(identifier, 0, 1, Identifier, [["Of the caller's own (system and value): the same call again changes nothing."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-hold
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-hold, hold, ReferralHold, [[Put on hold]], true)
* insert On(Task, false, true)
* description = "The referral rests, and why: its step is kept to come back to. With the reason \"waitlist\" it has a position on the list of its service."
* insert In(reason, 1, 1, CodeableConcept, [["Why the referral rests."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/hold-reason"
* insert In(comment, 0, 1, string, [["The reason in words, for the other party; required for the reason \"other\"."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-resume
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-resume, resume, ReferralResume, [[Resume]], true)
* insert On(Task, false, true)
* description = "The referral goes on at the step where it was put on hold."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-redirect
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-redirect, redirect, ReferralRedirect, [[Advise another organization]], true)
* insert On(Task, false, true)
* description = "Says no, or gives the referral back, and names who should be asked instead. The sender decides: a draft for that organization is ready to be sent, or the hub asks it first."
* insert In(to, 1, 1, Reference, [["The organization to ask instead."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Organization"
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-transfer
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-transfer, transfer, ReferralTransfer, [[Transfer]], true)
* insert On(Task, false, true)
* description = "Asks another organization to take the person on, in the name of who has accepted: a request and a Task of its own, which the sender sees too. This Task goes on until it is completed."
* insert In(to, 1, 1, Reference, [["The organization that is asked to take over."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Organization"
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-complete
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-complete, complete, ReferralComplete, [[Complete]], true)
* insert On(Task, false, true)
* description = "The work is done: how the referral ended, what came of it, and whether the service was really received."
* insert In(closure, 1, 1, CodeableConcept, [["How the referral ended."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/closure-reason"
* insert In(received, 1, 1, CodeableConcept, [["Whether the person has really received the service: closed is not the same."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/service-received"
* insert In(output, 0, *, Reference, [["What came of it: the activity, a report."]])
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Procedure"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Encounter"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/DocumentReference"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/Observation"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/DiagnosticReport"
* parameter[=].targetProfile[+] = "http://hl7.org/fhir/StructureDefinition/EpisodeOfCare"
* insert In(comment, 0, 1, string, [["The outcome in words; becomes an output."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-fail
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-fail, fail, ReferralFail, [[Could not be fulfilled]], true)
* insert On(Task, false, true)
* description = "The work was tried and did not succeed, and why."
* insert In(reason, 1, 1, CodeableConcept, [["Why it could not be fulfilled."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/decline-reason"
* insert In(comment, 0, 1, string, [["The reason in words, for the other party; required for the reason \"other\"."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-withdraw
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-withdraw, withdraw, ReferralWithdraw, [[Give back]], true)
* insert On(Task, false, true)
* description = "The referral was accepted and is given back, and why: somebody else has to be asked."
* insert In(reason, 1, 1, CodeableConcept, [["Why it is given back."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/decline-reason"
* insert In(comment, 0, 1, string, [["The reason in words, for the other party; required for the reason \"other\"."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-cancel
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-cancel, cancel, ReferralCancel, [[Cancel]], true)
* insert On(Task, false, true)
* description = "The referral is not needed any more. Before acceptance it ends at once; afterwards the receiver is asked to confirm, or told to stop with at-once."
* insert In(comment, 1, 1, string, [["Why, in words."]])
* insert In(at-once, 0, 1, boolean, [["Ends it without waiting for the receiver to confirm."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-confirm-cancellation
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-confirm-cancellation, confirm-cancellation, ReferralConfirmCancellation, [[Confirm the cancellation]], true)
* insert On(Task, false, true)
* description = "The work stops, as the sender has asked. Booked visits are cancelled."
* insert In(comment, 0, 1, string, [["In words, for the other party: becomes a note of the Task."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])

Instance: referral-mark-error
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-mark-error, mark-error, ReferralMarkError, [[Sent by mistake]], true)
* insert On(Task, false, true)
* description = "The referral was an error: it never should have been."
* insert In(comment, 1, 1, string, [["What was wrong."]])
* insert Out(return, 1, 1, Task, [["The Task as it is now; as it was, where that had been done before."]])
