Instance: emergency-accesses
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(emergency-accesses, emergency-accesses, EmergencyAccesses, Emergency accesses, false)
* insert On(Patient, true, false)
* description = "When records were opened in an emergency, by whom, why and until when, the newest first: for who reads the audit. An organization is told of the records that it keeps and of those that it opened, the operator of the hub of all."
* insert In(_since, 0, 1, instant, [["Only accesses that began from then on."]])
* insert In(_count, 0, 1, integer, [["How many on a page."]])
* insert Out(return, 1, 1, Bundle, [["A searchset of the Communications that the accesses rest on: sender opened the record of subject, recipient keeps it."]])
