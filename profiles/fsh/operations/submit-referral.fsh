Instance: submit-referral
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(submit-referral, submit-referral, SubmitReferral, Send a referral from any source, true)
* system = true
* type = false
* instance = false
* description = "A referral as one call: from primary care, a payer, a school, the police, the person or the family. Makes the Patient, the ServiceRequest, the Task and what comes with them in one commit, in the name of the caller’s organization, and answers 201. The same under the same identifier makes nothing and answers 200 with the referral as it stands; another content under it is refused with 409. Possible duplicates are told, and stop nothing."
* insert In(identifier, 1, 1, Identifier, [["The sender’s own, with system and value."]])
* insert In(patient, 1, 1, Element, [["A Patient as resource, or a valueReference. A Patient with an identifier under which the organization keeps one Patient is that Patient."]])
* insert In(sender, 0, 1, Element, [["Who really asks, where it is not the organization: a RelatedPerson as resource, a valueReference, a name as valueString, or the valueCode self."]])
* insert In(recipient, 0, 1, Reference, [["The Organization, PractitionerRole or HealthcareService that is asked. Absent: the hub finds a place."]])
* insert InGroup(need, 1, 1, [["What is asked for: service, or text, or both."]])
* insert InPart(service, 0, 1, CodeableConcept, [["The service, as ServiceRequest.code."]])
* insert InPart(category, 0, *, CodeableConcept, [["A social need or a program, as ServiceRequest.category."]])
* insert InPart(text, 0, *, string, [["In words. Without a service the first is what is asked for."]])
* insert InPart(urgency, 0, 1, code, [["routine, urgent, asap or stat."]])
* insert InPart(wish, 0, *, CodeableConcept, [["A characteristic that the person wishes for, as HealthcareService.characteristic."]])
* insert InPart(avoid, 0, *, Reference, [["An Organization that is not to be asked."]])
* insert InPart(population, 0, *, CodeableConcept, [["A group that the person belongs to, as HealthcareService.eligibility."]])
* insert In(reason, 0, *, Element, [["A CodeableConcept, a string, a reference, or a Condition or Observation as resource."]])
* insert In(consent, 0, *, Element, [["A Consent as resource, or a reference to one."]])
* insert In(document, 0, *, Element, [["A DocumentReference as resource, a reference to one, or an Attachment."]])
* insert In(insurance, 0, *, Element, [["A Coverage as resource, or a reference to one."]])
* insert InGroup(gap, 0, *, [["Something that the receiver needs and does not get: item or questionnaire, and the reason."]])
* insert InPart(item, 0, 1, CodeableConcept, [["As packet-need of the HealthcareService."]])
* insert InPart(questionnaire, 0, 1, canonical, [["As packet-need of the HealthcareService."]])
* insert InPart(reason, 1, 1, CodeableConcept, [["A code of packet-gap-reason, with a text."]])
* insert Out(outcome, 1, 1, code, [["created or found."]])
* insert Out(patient, 1, 1, Reference, [["The person."]])
* insert Out(request, 1, 1, Reference, [["The ServiceRequest."]])
* insert Out(task, 1, 1, Reference, [["The Task: what to watch."]])
* insert Out(status, 1, 1, code, [["Task.status."]])
* insert Out(turn, 0, 1, Reference, [["The organization whose turn it is."]])
* insert Out(action, 0, 1, code, [["What it has to do."]])
* insert Out(due, 0, 1, instant, [["By when."]])
* insert Group(possible-patient, 0, *, [["Somebody whom the caller may see and who may be the same person."]])
* insert Part(patient, 1, 1, Reference, [["Who."]])
* insert Part(grade, 1, 1, code, [["certain, probable or possible (match-grade)."]])
* insert Part(because, 1, 1, string, [["What they have in common."]])
* insert Duplicates

Instance: duplicates
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(duplicates, duplicates, Duplicates, Possible duplicates of a referral, false)
* insert On(ServiceRequest, false, true)
* description = "Open referrals for the same person and the same need as this request, in whoever’s name, as far as the caller may see them. The person may have another record: a shared identifier is certain, a name and birth date are probable. Those that belong to this very referral are none."
* insert Duplicates

RuleSet: InGroup(name, min, max, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #in
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].documentation = {documentation}

RuleSet: InPart(name, min, max, type, documentation)
* parameter[=].part[+].name = #{name}
* parameter[=].part[=].use = #in
* parameter[=].part[=].min = {min}
* parameter[=].part[=].max = "{max}"
* parameter[=].part[=].type = #{type}
* parameter[=].part[=].documentation = {documentation}

RuleSet: Duplicates
* insert Group(duplicate, 0, *, [["An open referral that may be the same."]])
* insert Part(request, 1, 1, Reference, [["Its ServiceRequest."]])
* insert Part(task, 1, 1, Reference, [["Its Task."]])
* insert Part(requester, 0, 1, Reference, [["Who asks."]])
* insert Part(owner, 0, 1, Reference, [["Who is asked."]])
* insert Part(status, 1, 1, code, [["Task.status."]])
* insert Part(person, 1, 1, code, [["How sure it is that the person is the same: certain, probable or possible."]])
* insert Part(because, 1, 1, string, [["What they have in common, in words."]])
* insert Part(due, 0, 1, instant, [["By when its next step is due."]])
