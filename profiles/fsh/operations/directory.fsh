Instance: service-request-match
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(service-request-match, match, MatchRequest, Who could take a referral, false)
* insert On(ServiceRequest, true, true)
* description = "Services that could take this request, best first, each with its reasons in words; who is excluded and by which facts; where nobody is left, what would have to change. On the type for a request that is not stored, about a person whom the caller sees; on an instance for its sender alone. Nobody is asked by it. docs/routing.md explains one answer."
* insert In(resource, 0, 1, ServiceRequest, [["The would-be request; on the type only."]])
* insert In(task, 0, 1, Task, [["The Task by which it would be sent: wishes and needs as Task.input, Task.priority. On an instance, the Task that was sent to the hub counts unless this is given."]])
* insert In(count, 0, 1, integer, [["How many candidates are told: 10 by default."]])
* insert Group(candidate, 0, *, [["One service, best first."]])
* insert Part(rank, 1, 1, positiveInt, [["1 is asked first."]])
* insert Part(service, 1, 1, Reference, [["The HealthcareService."]])
* insert Part(organization, 1, 1, Reference, [["Who would be asked."]])
* insert Part(score, 1, 1, decimal, [["0 to 100."]])
* insert Part(reason, 1, *, string, [["Whole sentences that can be read to a family."]])
* insert Group(excluded, 0, *, [["A service that is not asked; at most 20 are told."]])
* insert Part(service, 1, 1, Reference, [["The HealthcareService."]])
* insert Part(organization, 1, 1, Reference, [["Whose it is."]])
* insert Part(fact, 1, *, string, [["Each fact that excludes it."]])
* insert Group(change, 0, *, [["Where there is no candidate: a smallest set of facts whose change would give one."]])
* insert Part(words, 1, 1, string, [["The set and the services it would open, in a sentence."]])
* insert Part(condition, 1, *, string, [["Each fact that would have to be so."]])
* insert Out(excluded-count, 1, 1, integer, [["How many services were compared and excluded."]])
* insert Out(not-compared, 0, 1, integer, [["Of so many services of the kind that a thousand are compared: how many more there are, at most."]])

Instance: healthcare-service-confirm
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(healthcare-service-confirm, confirm, ConfirmEntry, Confirm an entry of the directory, true)
* insert On(HealthcareService, false, true)
* description = "Says that this entry of the directory is right as of today. Only the organization that owns it calls it. Entries that nobody has confirmed for 90 days sink in the ranking, and say so."
* insert Out(return, 1, 1, HealthcareService, [["The entry, confirmed."]])

Instance: healthcare-service-capacity
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(healthcare-service-capacity, capacity, StateCapacity, Say how much room there is, true)
* insert On(HealthcareService, false, true)
* description = "Says how much room this service has as of today; the next match goes by it. Only the organization that owns it calls it. Without a status, free places make capacity, a waiting time makes waitlist, and neither makes no-capacity."
* insert In(status, 0, 1, code, [["capacity, no-capacity, waitlist or additional-assessment-required."]])
* insert In(slots, 0, 1, unsignedInt, [["Free places."]])
* insert In(wait-days, 0, 1, unsignedInt, [["Days that people wait now."]])
* insert In(first-opening, 0, 1, date, [["The day a first visit could be."]])
* insert Out(return, 1, 1, HealthcareService, [["The entry with its capacity."]])
