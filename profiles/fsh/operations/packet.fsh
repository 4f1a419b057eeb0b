Instance: packet
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(packet, packet, Packet, The packet of a referral, false)
* insert On(ServiceRequest, false, true)
* description = "What is sent with a referral, as a FHIR document: only what the caller may see; what was left out is counted, not named. With Accept or _format text/html or application/pdf the same as a page or as a PDF to print or fax."
* insert Out(return, 1, 1, Bundle, [["A document: a Composition, then everything it refers to."]])
