Instance: link
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(link, link, SendLink, Send a link to who is asked, true)
* insert On(Task, false, true)
* description = "Sends the organization that this referral asks a link to the e-mail address that the directory has for it, with which it answers without an account. An earlier link is replaced. Only the sender of the referral calls it, and does not learn the link."
* insert Out(link, 1, 1, string, [["What the link is known by, to revoke it."]])
* insert Out(sent-to, 1, 1, ContactPoint, [["Where it was sent."]])
* insert Out(expires, 1, 1, instant, [["Until when it can be used."]])
