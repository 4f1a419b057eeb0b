Instance: bser-feedback
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(bser-feedback, bser-feedback, BserFeedback, Feedback document of a completed referral, false)
* insert On(Task, false, true)
* description = "The feedback document of BSeR for a completed referral: a Bundle of type document whose Composition says what came of it, with the Task, the request, the person and the outputs as far as the caller may see them. It is made of the Task’s present version, and is the same for the same version. A referral that is not completed has none (422)."
* insert Out(return, 1, 1, Bundle, [["The document."]])
