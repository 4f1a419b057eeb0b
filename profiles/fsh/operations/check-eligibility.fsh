Instance: check-eligibility
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(check-eligibility, check-eligibility, CheckEligibility, Check eligibility for a program, true)
* insert On(Patient, false, true)
* description = "Whether a person meets the criteria of a program, decided on what the caller may see: with the facts of each criterion, and what is missing. With a request the answer is kept with the referral: the sender’s goes with the request to whoever is asked. A fact that changes later re-opens it."
* insert In(program, 1, 1, string, [["The PlanDefinition that holds the criteria: its id, or its canonical URL."]])
* insert In(request, 0, 1, string, [["ServiceRequest/id: the referral that the answer is kept with."]])
* insert Out(return, 1, 1, GuidanceResponse, [["The answer (eligible, ineligible, needs-data) and each criterion in contained Parameters; what is missing as data requirements."]])
