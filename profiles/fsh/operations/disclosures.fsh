Instance: disclosures
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(disclosures, disclosures, Disclosures, Accounting of disclosures, false)
* insert On(Patient, false, true)
* description = "Who received what of a person’s record, when and on what ground: at most three years back (42 CFR 2.24), newest first. An organization is told of its own resources, the operator of the hub of all."
* insert In(_since, 0, 1, instant, [["Only what was disclosed from then on."]])
* insert In(_count, 0, 1, integer, [["How many events to look at, 200 by default and 1000 at most."]])
* insert In(before, 0, 1, string, [["The next page: what next of the answer before said."]])
* insert Group(disclosure, 0, *, [["One resource that one organization was shown."]])
* insert Part(recipient, 1, 1, Reference, [["The organization that received it."]])
* insert Part(agent, 1, 1, string, [["The client or person that asked."]])
* insert Part(at, 1, 1, instant, [["When."]])
* insert Part(discloser, 1, 1, Reference, [["The organization whose resource it is."]])
* insert Part(what, 1, 1, Reference, [["The version that was shown."]])
* insert Part(how, 1, 1, code, [["read, search, history, operation, export or link."]])
* insert Part(label, 0, *, code, [["Its restricted labels."]])
* insert Part(under, 0, 1, Reference, [["The Consent or other resource it rests on."]])
* insert Part(because, 1, 1, string, [["The ground, in words."]])
* insert Out(next, 0, 1, string, [["Where the next page begins; absent on the last."]])
