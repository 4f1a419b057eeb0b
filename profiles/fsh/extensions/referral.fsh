Extension: NextStep
Id: next-step
Title: "Next step of a referral"
Description: "Whose turn it is, what they have to do, and by when. Kept by the hub on every referral Task that is not closed."
Context: Task
* insert Published
* . 0..1
* . ^short = "Whose turn, what next, by when"
* extension ^slicing.rules = #closed
* extension contains turn 1..1 and action 1..1 and due 1..1
* extension[turn] ^short = "The organization whose turn it is"
* extension[turn].value[x] 1..1
* extension[turn].value[x] only Reference(Organization)
* extension[action] ^short = "What it has to do"
* extension[action].value[x] 1..1
* extension[action].value[x] only code
* extension[action].value[x] from $next-action (required)
* extension[due] ^short = "By when"
* extension[due].value[x] 1..1
* extension[due].value[x] only dateTime

Extension: PriorStep
Id: prior-step
Title: "Step before a pause"
Description: "The business status at which a referral stood when it was put on hold, or when the sender cancelled it under way. Kept by the hub."
Context: Task
* insert Published
* . 0..1
* . ^short = "Business status before"
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from $business-status-vs (extensible)

Extension: OfferReminder
Id: offer-reminder
Title: "Reminder of an offer"
Description: "On a note of a referral Task: this note reminds whoever is asked that an answer is due, so that nobody is reminded twice."
Context: Task.note
* insert Published
* . 0..1
* . ^short = "This note is a reminder"
* . ^definition = "Written by the hub at half of the time that an offer has."
* value[x] 1..1
* value[x] only boolean
