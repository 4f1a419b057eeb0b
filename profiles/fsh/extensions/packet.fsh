Alias: $packet-item-vs = https://warmhandoff.example/fhir/ValueSet/packet-item
Alias: $packet-strength-vs = https://warmhandoff.example/fhir/ValueSet/packet-strength
Alias: $packet-gap-reason-vs = https://warmhandoff.example/fhir/ValueSet/packet-gap-reason

Extension: PacketNeed
Id: packet-need
Title: "Needed in the packet"
Description: "Something that a service needs with a referral: a document or fact by its code, or a Questionnaire that is answered."
Context: HealthcareService
* insert Published
* . 0..*
* . ^short = "What comes with a referral"
* . ^definition = "A code of packet-item, a LOINC code (any attached resource that carries it), or the canonical URL of a Questionnaire (a completed response to it)."
* extension ^slicing.rules = #closed
* extension contains item 0..1 and questionnaire 0..1 and strength 0..1 and within-days 0..1
* extension[item] ^short = "The document or fact"
* extension[item].value[x] 1..1
* extension[item].value[x] only CodeableConcept
* extension[item].value[x] from $packet-item-vs (extensible)
* extension[questionnaire] ^short = "The Questionnaire to be answered"
* extension[questionnaire].value[x] 1..1
* extension[questionnaire].value[x] only canonical
* extension[strength] ^short = "Whether a referral is sent without it; absent: as packet-rules say, else expected"
* extension[strength].value[x] 1..1
* extension[strength].value[x] only code
* extension[strength].value[x] from $packet-strength-vs (required)
* extension[within-days] ^short = "How many days old it may be"
* extension[within-days].value[x] 1..1
* extension[within-days].value[x] only positiveInt

Extension: PacketGap
Id: packet-gap
Title: "Missing from the packet"
Description: "On a referral Task: something that the receiver expects was missing when it was sent, and why. The sender gives the reason; the hub keeps the rest."
Context: Task
* insert Published
* . 0..*
* . ^short = "What is missing, and why"
* extension ^slicing.rules = #closed
* extension contains item 0..1 and questionnaire 0..1 and reason 0..1 and supplied 0..1
* extension[item] ^short = "The document or fact, as the service names it"
* extension[item].value[x] 1..1
* extension[item].value[x] only CodeableConcept
* extension[questionnaire] ^short = "Or the Questionnaire"
* extension[questionnaire].value[x] 1..1
* extension[questionnaire].value[x] only canonical
* extension[reason] ^short = "Why it was sent without: a code, and words"
* extension[reason].value[x] 1..1
* extension[reason].value[x] only CodeableConcept
* extension[reason].value[x] from $packet-gap-reason-vs (extensible)
* extension[supplied] ^short = "When it was added after all"
* extension[supplied].value[x] 1..1
* extension[supplied].value[x] only dateTime
