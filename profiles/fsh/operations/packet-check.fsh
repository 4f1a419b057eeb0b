Instance: packet-check
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(packet-check, packet-check, PacketCheck, What is missing from a packet, false)
* insert On(ServiceRequest, true, true)
* description = "Compares what is attached to a referral, also to one that is not created yet, with what services need: what is attached, what the caller holds but has not attached, and what is missing."
* insert In(request, 0, 1, ServiceRequest, [["On the type level: the would-be request. Its subject is a Patient that the caller sees."]])
* insert In(input, 0, *, Reference, [["What the Task would carry besides, as Task.input."]])
* insert In(service, 0, *, Reference, [["HealthcareServices to compare with; absent: those that the request or its Tasks name."]])
* insert Group(service, 0, *, [["One of the services."]])
* insert Part(reference, 1, 1, Reference, [["Which."]])
* insert Part(complete, 1, 1, boolean, [["Whether nothing that is required or expected is missing."]])
* insert Part(sendable, 1, 1, boolean, [["Whether a reason is enough for what is missing."]])
* insert Part(need, 0, *, BackboneElement, [["One thing it needs: item or questionnaire, strength, status (attached, held or missing), evidence."]])
