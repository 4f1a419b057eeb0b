// An operation of the hub is one file here and one in src/fhir/operations.

RuleSet: Operation(id, code, name, title, affects)
* url = "https://warmhandoff.example/fhir/OperationDefinition/{id}"
* version = "1.0.0"
* name = "{name}"
* title = "{title}"
* status = #active
* experimental = false
* date = "2026-01-05"
* publisher = "Warm Handoff"
* kind = #operation
* code = #{code}
* affectsState = {affects}

RuleSet: On(resource, type, instance)
* resource = #{resource}
* system = false
* type = {type}
* instance = {instance}

RuleSet: In(name, min, max, type, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #in
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = {documentation}

RuleSet: Out(name, min, max, type, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #out
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = {documentation}

// An outcome that is made of parts.
RuleSet: Group(name, min, max, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #out
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].documentation = {documentation}

RuleSet: Part(name, min, max, type, documentation)
* parameter[=].part[+].name = #{name}
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = {min}
* parameter[=].part[=].max = "{max}"
* parameter[=].part[=].type = #{type}
* parameter[=].part[=].documentation = {documentation}
