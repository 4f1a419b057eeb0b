Instance: completeness
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(completeness, completeness, Completeness, How complete a case is, false)
* insert On(EpisodeOfCare, false, true)
* description = "How complete the case is, in percent, with what is missing, as far as the caller may see. Which facts count is data: the PlanDefinition case-completeness, or that of a program."
* insert In(program, 0, 1, string, [["The facts of PlanDefinition/case-completeness-{program} count; absent: those of case-completeness."]])
* insert Out(percent, 1, 1, integer, [["0 to 100, rounded down."]])
* insert Out(pack, 1, 1, canonical, [["The PlanDefinition that says which facts count."]])
* insert Group(there, 0, *, [["A fact that is there."]])
* insert Part(code, 1, 1, code, [["Which."]])
* insert Part(title, 1, 1, string, [["In words."]])
* insert Group(missing, 0, *, [["A fact that is not there."]])
* insert Part(code, 1, 1, code, [["Which."]])
* insert Part(title, 1, 1, string, [["In words."]])
* insert Part(ask, 1, 1, string, [["What to ask for."]])
