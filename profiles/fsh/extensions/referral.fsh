Extension: NextStep
Id: next-step
Title: "Next step of a referral"
Description: "Whose turn it is, what they have to do, and by when. Kept by the hub on every referral Task that is not closed."
Context: Task
* insert Published
* . 0..1
* . ^short = "Whose turn, what next, by when"
* extension ^slicing.rules = #closed
* extension contains turn 1..1 and action 1..1 and due 1..1 and since 0..1 and waiting 0..1 and pause 0..*
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
* extension[since] ^short = "Since when the clock of this action runs; while another waits, since when that one's ran"
* extension[since].value[x] 1..1
* extension[since].value[x] only dateTime
* extension[waiting] ^short = "The action whose clock stands still meanwhile, and goes on with what was left"
* extension[waiting].value[x] 1..1
* extension[waiting].value[x] only code
* extension[waiting].value[x] from $next-action (required)
* extension[pause] ^short = "A time in which the clock stood still; without an end it still does"
* extension[pause].value[x] 1..1
* extension[pause].value[x] only Period

Extension: Escalation
Id: escalation
Title: "Rung of an escalation"
Description: "One rung of the ladder that was climbed because the next action of a referral is overdue: each is climbed once for the same action and due time. Kept by the hub; gone when somebody has acted."
Context: Task
* insert Published
* . ^short = "Somebody was told that the referral waits"
* extension ^slicing.rules = #closed
* extension contains rung 1..1 and action 1..1 and due 1..1 and at 1..1
* extension[rung] ^short = "Who was told, or what was done"
* extension[rung].value[x] 1..1
* extension[rung].value[x] only code
* extension[rung].value[x] from $escalation-rung (required)
* extension[action] ^short = "The action that is overdue"
* extension[action].value[x] 1..1
* extension[action].value[x] only code
* extension[action].value[x] from $next-action (required)
* extension[due] ^short = "When it was due"
* extension[due].value[x] 1..1
* extension[due].value[x] only dateTime
* extension[at] ^short = "When the rung was climbed"
* extension[at].value[x] 1..1
* extension[at].value[x] only dateTime

Extension: AccessClock
Id: access-clock
Title: "Clock of access"
Description: "By when a person who was referred to a program with times of access has to be seen, and when that was. Kept by the hub."
Context: Task
* insert Published
* . 0..1
* . ^short = "By when the person has to be seen"
* extension ^slicing.rules = #closed
* extension contains clock 1..1 and since 1..1 and until 1..1 and met 0..1
* extension[clock] ^short = "The clock in the rule pack access-clocks"
* extension[clock].value[x] 1..1
* extension[clock].value[x] only code
* extension[since] ^short = "The first contact"
* extension[since].value[x] 1..1
* extension[since].value[x] only dateTime
* extension[until] ^short = "The last moment in time"
* extension[until].value[x] 1..1
* extension[until].value[x] only dateTime
* extension[met] ^short = "When the person was seen"
* extension[met].value[x] 1..1
* extension[met].value[x] only dateTime

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
