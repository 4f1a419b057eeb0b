Instance: break-glass
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(break-glass, break-glass, BreakGlass, Emergency access to one record, true)
* insert On(Patient, true, true)
* description = "An organization that treats people opens the whole record of one person for a few hours, with a reason (42 CFR 2.51). Whoever keeps the record is told by the same commit, and each access is in the audit. Without an id the person is named by identifier, or by name and birthdate; what fits nobody or more than one is refused."
* insert In(purpose, 1, 1, code, [["ETREAT (emergency treatment) or BTG (break the glass)."]])
* parameter[=].binding.strength = #required
* parameter[=].binding.valueSet = "https://warmhandoff.example/fhir/ValueSet/emergency-purpose"
* insert In(reason, 1, 1, string, [["Why the record is needed now, in 10 to 2000 characters."]])
* insert In(identifier, 0, 1, string, [["Who is meant, as system|value; not with an id."]])
* insert In(name, 0, 1, string, [["Who is meant, with birthdate; not with an id."]])
* insert In(birthdate, 0, 1, date, [["Who is meant, with name; not with an id."]])
* insert Out(patient, 1, 1, Reference, [["The person whose record is open."]])
* insert Out(access, 1, 1, Reference, [["The Communication on which the access rests."]])
* insert Out(until, 1, 1, instant, [["When it ends."]])
