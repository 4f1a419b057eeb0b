Instance: subscription-retry
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(subscription-retry, retry, RetrySubscription, Send again what waits, true)
* insert On(Subscription, false, true)
* description = "After an error: asks for the Subscription again, with a handshake, so that what waits is sent at once. Its own organization calls it."
* insert Out(return, 1, 1, Subscription, [["The Subscription, requested."]])
