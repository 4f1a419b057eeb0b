Instance: referral-available-actions
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(referral-available-actions, available-actions, ReferralAvailableActions, What may be done now, false)
* insert On(Task, false, true)
* description = "What the caller may do with this referral now, and the inputs that each needs: enough to draw the buttons and forms of a page."
* insert Out(status, 1, 1, code, [["Task.status"]])
* insert Out(business-status, 0, 1, code, [["The step: a BSeR code, in-progress or waitlisted."]])
* insert Out(turn, 0, 1, Reference, [["The organization whose turn it is."]])
* insert Out(next-action, 0, 1, code, [["What it has to do (CodeSystem next-action)."]])
* insert Out(due, 0, 1, dateTime, [["By when."]])
* insert Out(contact-attempts, 0, 1, integer, [["How many attempts to reach the person the receiver has recorded; told to the receiver."]])
* insert Out(waitlist-position, 0, 1, positiveInt, [["The place of this Task on the waiting list of its service, from 1; told to the receiver."]])
* insert Out(waitlist-length, 0, 1, positiveInt, [["How many are on that list."]])
* insert Group(action, 0, *, [["Something that may be done now."]])
* insert Part(name, 1, 1, code, [["Of the operation."]])
* insert Part(title, 1, 1, string, [["For a button."]])
* insert Part(means, 1, 1, string, [["What it does, in words."]])
* insert Part(operation, 1, 1, url, [["Where to POST to, below the base."]])
* parameter[=].part[+].name = #input
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 0
* parameter[=].part[=].max = "*"
* parameter[=].part[=].documentation = "One input: name, type, required, repeats, value-set, target (types of a Reference), means."
